// What the engine has counted, as objects of JavaScript. Runs on: the JS thread.
#include <cstdint>
#include <string>
#include <string_view>

#include "beastio/host/stats.hpp"
#include "engine-object.hpp"

namespace beastio::addon {
namespace {

// Sets a figure in objects within objects, which are made where there are none.
void put(Napi::Object object, std::string_view path, double figure) {
  const auto dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    object.Set(name, Napi::Number::New(object.Env(), figure));
    return;
  }
  if (!object.Has(name)) object.Set(name, Napi::Object::New(object.Env()));
  put(object.Get(name).As<Napi::Object>(), path.substr(dot + 1), figure);
}

Napi::Object toObject(Napi::Env env, const ThreadStats& stats) {
  const auto object = Napi::Object::New(env);
  stats::each(stats, [&object](const char* path, std::uint64_t figure) {
    put(object, path, static_cast<double>(figure));
  });
  return object;
}

}  // namespace

Napi::Value EngineObject::stats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto stats = engine_->stats();
  const auto threads = Napi::Array::New(env, stats.threads.size());
  for (std::size_t i = 0; i < stats.threads.size(); ++i) {
    threads.Set(static_cast<std::uint32_t>(i), toObject(env, stats.threads[i]));
  }
  return threads;
}

}  // namespace beastio::addon
