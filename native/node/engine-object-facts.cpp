// What JavaScript asks of sessions and connections, and gets at once.
#include <algorithm>
#include <cstdint>

#include "engine-object.hpp"
#include "tls-questions.hpp"
#include "values.hpp"

namespace beastio::addon {

Napi::Value EngineObject::askTls(const Napi::CallbackInfo& info) {
  return addon::askTls(info, [&](const auto& look) {
    return engine_->askTls(toUnsigned(info[0]), toUnsigned(info[1]), look);
  });
}

Napi::Value EngineObject::roundTrip(const Napi::CallbackInfo& info) {
  const auto time = engine_->roundTrip({toUnsigned(info[0]), toUnsigned(info[1])});
  return Napi::Number::New(info.Env(), time ? static_cast<double>(time->count()) : -1);
}

Napi::Value EngineObject::bufferedAmount(const Napi::CallbackInfo& info) {
  const SessionId id{toUnsigned(info[0]), toUnsigned(info[1])};
  const auto bytes = info[2].As<Napi::Boolean>().Value()
                         ? static_cast<std::int64_t>(engine_->queuedBytes(id).value_or(0))
                         : outbox_.sentTo(id).value_or(0) + engine_->queueBalance(id);
  return Napi::Number::New(info.Env(), static_cast<double>(std::max<std::int64_t>(bytes, 0)));
}

void EngineObject::hangUp(const Napi::CallbackInfo& info) { engine_->hangUp(toUnsigned(info[0])); }

void EngineObject::forget(const Napi::CallbackInfo& info) {
  outbox_.forget({toUnsigned(info[0]), toUnsigned(info[1])});
}

}  // namespace beastio::addon
