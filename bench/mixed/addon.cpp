// The bench's echoes and acknowledgements in C++, beside the rest of its application in JavaScript.
#include <beastio/native.hpp>

#include "application.hpp"

namespace {

constexpr const char* kNamespaces[] = {"/", "/n1", "/n2", "/n3"};

/// start(io.native)
napi_value start(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value native = nullptr;
  napi_get_cb_info(env, info, &count, &native, nullptr, nullptr);
  const auto host = beastio::native::Host::from(env, native);
  if (!host) return nullptr;  // it has thrown
  for (const auto* const name : kNamespaces) beastio::bench::serveTyped(host->of(name));
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  napi_create_function(env, "start", NAPI_AUTO_LENGTH, start, nullptr, &function);
  return function;
}
