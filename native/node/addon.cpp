// The module: what `require` of the addon returns. Context-aware: every environment that loads it
// has separate engines, and nothing is shared between them.
#include <napi.h>

#include "engine-class.hpp"
#include "wire/layout.hpp"

namespace beastio::addon {
namespace {

// raise(error): what an exception in a callback without a caller becomes, `uncaughtException`.
void raise(const Napi::CallbackInfo& info) { napi_fatal_exception(info.Env(), info[0]); }

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("Engine", engineClass(env));
  // JavaScript compares it with the one that it was generated with.
  exports.Set("wireHash", Napi::String::New(env, kWireHash));
  exports.Set("raise", Napi::Function::New<&raise>(env, "raise"));
  return exports;
}

NODE_API_MODULE(beastio, initialise)

}  // namespace
}  // namespace beastio::addon
