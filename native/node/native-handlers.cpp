#include "native-handlers.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "beastio/abi.h"

namespace beastio::addon {
namespace {

constexpr napi_type_tag kNativeTag{BEASTIO_TAG_LOWER, BEASTIO_TAG_UPPER};
constexpr napi_type_tag kHandlersTag{BEASTIO_HANDLERS_TAG_LOWER, BEASTIO_HANDLERS_TAG_UPPER};

socketio::ServerOptions optionsOf(const Napi::CallbackInfo& info) {
  socketio::ServerOptions options;
  options.ackTimeout = std::chrono::milliseconds(info[1].As<Napi::Number>().Int64Value());
  return options;
}

// Handlers run on the I/O threads, so these drive their loops from now on.
const std::shared_ptr<Engine>& takenBack(const std::shared_ptr<Engine>& engine) {
  engine->takeBack(true);
  return engine;
}

void releaseNative(napi_env, void* data, void*) {
  const std::unique_ptr<beastio_native> native(static_cast<beastio_native*>(data));
  native->api->release(native->host);
}

Napi::Object wrap(Napi::Env env, std::unique_ptr<beastio_native> native) {
  auto object = Napi::Object::New(env);
  object.Set("abi", std::to_string(BEASTIO_ABI_MAJOR) + '.' + std::to_string(BEASTIO_ABI_MINOR));
  object.TypeTag(&kNativeTag);
  if (napi_wrap(env, object, native.get(), releaseNative, nullptr, nullptr) == napi_ok) {
    [[maybe_unused]] auto* const held = native.release();
  }
  return object;
}

std::string textOf(const Napi::Value& value) { return value.As<Napi::String>().Utf8Value(); }

beastio_bytes raw(const std::string& text) { return {text.data(), text.size()}; }

// What an addon has registered, until it is removed.
struct Registration {
  Registration(const beastio_api& theApi, beastio_registration* theHandle)
      : api(theApi), handle(theHandle) {}
  ~Registration() { remove(); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  void remove() {
    if (auto* const last = std::exchange(handle, nullptr)) api.remove_handlers(last);
  }

  const beastio_api& api;
  beastio_registration* handle;
};

std::uint64_t questionOf(const Napi::CallbackInfo& info) {
  return static_cast<std::uint64_t>(info[0].As<Napi::Number>().Int64Value());
}

void remove(const Napi::CallbackInfo& info) {
  info[0].As<Napi::External<Registration>>().Data()->remove();
}

}  // namespace

NativeHandlers::NativeHandlers(const Napi::CallbackInfo& info,
                               const std::shared_ptr<Engine>& engine,
                               const std::vector<std::unique_ptr<RecordWriter>>& writers)
    : guest_(takenBack(engine), optionsOf(info),
             [&writers](unsigned thread) -> socketio::Owner& { return *writers[thread]; }),
      flush_(Napi::Weak(info[0].As<Napi::Function>())),
      openNamespace_(Napi::Weak(info[2].As<Napi::Function>())),
      serve_(Napi::Weak(info[3].As<Napi::Function>())) {
  const Napi::Env env = info.Env();
  guest_.beforeSending([this] {
    const Napi::HandleScope scope(flush_.Env());
    if (const auto flush = flush_.Value(); !flush.IsEmpty()) flush.Call({});
  });
  guest_.onNamespace([this](std::string_view name) {
    const auto text = std::string(name);
    const Napi::HandleScope scope(openNamespace_.Env());
    const auto open = openNamespace_.Value();
    if (!open.IsEmpty()) open.Call({Napi::String::New(open.Env(), text)});
  });
  guest_.onServe([this](std::string_view name) {
    const auto text = std::string(name);
    const Napi::HandleScope scope(serve_.Env());
    const auto serve = serve_.Value();
    if (serve.IsEmpty()) return false;
    const auto answer = serve.Call({Napi::String::New(serve.Env(), text)});
    return answer.IsBoolean() && answer.As<Napi::Boolean>().Value();
  });
  for (unsigned i = 0; i < writers.size(); ++i) {
    engine->post(
        i, [writer = writers[i].get(), guest = &guest_.handlerOf(i)] { writer->setGuest(*guest); });
  }
  auto functions = Napi::Object::New(env);
  auto native = std::unique_ptr<beastio_native>(guest_.newNative());
  native_ = native.get();
  functions.Set("native", wrap(env, std::move(native)));
  functions.Set("engine", info.This());
  functions.Set("flush", info[0]);
  functions.Set("openNamespace", info[2]);
  functions.Set("serve", info[3]);
  functions.Set("namespaceNumber",
                Napi::Function::New(env, [this](const Napi::CallbackInfo& call) -> Napi::Value {
                  return namespaceNumber(call.Env(), textOf(call[0]));
                }));
  functions.Set(
      "handles", Napi::Function::New(env, [this](const Napi::CallbackInfo& call) -> Napi::Value {
        const auto& nsp = guest_.of(textOf(call[0]));
        return Napi::Boolean::New(call.Env(), socketio::Guest::handles(nsp, textOf(call[1])));
      }));
  functions.Set(
      "guards", Napi::Function::New(env, [this](const Napi::CallbackInfo& call) -> Napi::Value {
        return Napi::Boolean::New(call.Env(), socketio::Guest::guards(guest_.of(textOf(call[0]))));
      }));
  functions.Set("setWay", Napi::Function::New(env, [this](const Napi::CallbackInfo& call) {
                  const auto way = call[1].As<Napi::Number>().Uint32Value();
                  socketio::Guest::setWay(guest_.of(textOf(call[0])),
                                          static_cast<socketio::Guest::Way>(way));
                }));
  functions.Set("closeServed", Napi::Function::New(env, [this](const Napi::CallbackInfo&) {
                  guest_.closeServed();
                }));
  functions.Set("answer", Napi::Function::New(env, [this](const Napi::CallbackInfo& call) {
                  const auto json = textOf(call[1]);
                  const auto given = call[2].As<Napi::Array>();
                  std::vector<std::string_view> attachments;
                  for (std::uint32_t i = 0; i < given.Length(); ++i) {
                    const auto bytes = given.Get(i).As<Napi::Uint8Array>();
                    attachments.emplace_back(reinterpret_cast<const char*>(bytes.Data()),
                                             bytes.ByteLength());
                  }
                  guest_.answer(questionOf(call), json, attachments);
                }));
  functions.Set("finish", Napi::Function::New(env, [this](const Napi::CallbackInfo& call) {
                  const auto expected = call[2].As<Napi::Number>().Uint32Value();
                  guest_.finish(questionOf(call), call[1].As<Napi::Boolean>().Value(), expected);
                }));
  functions.Set("add", Napi::Function::New(
                           env, [this](const Napi::CallbackInfo& call) { return add(call); }));
  functions.Set("remove", Napi::Function::New<&remove>(env));
  info.This().As<Napi::Object>().Set("handlers", functions);
  functions_ = Napi::Weak(functions);
}

NativeHandlers::~NativeHandlers() { close(); }

// The environment may be ending, where no JavaScript can be called.
void NativeHandlers::close() {
  guest_.beforeSending({});
  guest_.onNamespace({});
  guest_.onServe({});
  guest_.close();
}

// The others are called for namespaces that have a number.
Napi::Value NativeHandlers::namespaceNumber(Napi::Env env, const std::string& name) {
  try {
    return Napi::Number::New(env, socketio::Guest::numberOf(guest_.of(name)));
  } catch (const std::length_error& error) {
    auto refusal = Napi::Error::New(env, std::string("beast.io: ") + error.what());
    refusal.Set("code", Napi::String::New(env, "ERR_BEASTIO_NATIVE"));
    refusal.ThrowAsJavaScriptException();
    return env.Undefined();
  }
}

Napi::Value NativeHandlers::add(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  void* handlers = nullptr;
  if (!info[2].IsObject() || !info[2].As<Napi::Object>().CheckTypeTag(&kHandlersTag) ||
      napi_unwrap(env, info[2], &handlers) != napi_ok) {
    Napi::TypeError::New(env, "handlers of an addon are wanted: see beast.io/native")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const auto name = textOf(info[0]);
  const auto event = textOf(info[1]);
  const auto& api = *native_->api;
  beastio_registration* handle = nullptr;
  std::uint32_t scope = 0;
  auto status = api.namespace_of(native_->host, raw(name), &scope);
  if (status == BEASTIO_OK) {
    status = api.add_handlers(scope, raw(event), static_cast<const beastio_handlers*>(handlers),
                              &handle);
  }
  if (status != BEASTIO_OK) return Napi::Number::New(env, status);
  auto registration = std::make_unique<Registration>(api, handle);
  return Napi::External<Registration>::New(
      env, registration.release(),
      [](Napi::Env, Registration* last) { const std::unique_ptr<Registration> gone(last); });
}

}  // namespace beastio::addon
