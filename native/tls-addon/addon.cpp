// The module of the second addon file, which has TLS in it: the functions of OpenSSL come from the
// executable that loads it. It is loaded when the option `tls` asks for it.
// Runs on: the JS thread. Lifetime: a context lives as long as its JavaScript object or an engine
// that was given it.
#include <napi.h>

#include <memory>
#include <string>
#include <utility>

#include "node/tls-tag.hpp"
#include "tls-values.hpp"

namespace beastio::addon {
namespace {

using Context = std::shared_ptr<const TlsContext>;

// createContext(options) → an object for Engine.setTls. Errors: throws the reason, which begins
// with the option's name.
Napi::Value createContext(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::string error;
  auto context = makeTlsContext(toTlsOptions(info[0].As<Napi::Object>()), error);
  if (!context) {
    Napi::Error::New(env, error).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  auto object = Napi::Object::New(env);
  auto held = std::make_unique<Context>(std::move(context));
  const auto destroy = [](napi_env, void* data, void*) { delete static_cast<Context*>(data); };
  if (napi_wrap(env, object, held.get(), destroy, nullptr, nullptr) != napi_ok) {
    return env.Undefined();
  }
  static_cast<void>(held.release());
  object.TypeTag(&kTlsContextTag);
  return object;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("createContext", Napi::Function::New<&createContext>(env, "createContext"));
  return exports;
}

NODE_API_MODULE(beastio_tls, initialise)

}  // namespace
}  // namespace beastio::addon
