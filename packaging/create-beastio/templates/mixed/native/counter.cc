// Handles the event "count" of the main namespace in C++, on an I/O thread: JavaScript does not hear of it.
#include <beastio/native.hpp>

#include <atomic>
#include <string>

using namespace beastio::socketio;

static std::atomic<int> visits{0};

static napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value native = nullptr;
  napi_get_cb_info(env, info, &count, &native, nullptr, nullptr);
  const auto host = beastio::native::Host::from(env, native);
  if (!host) return nullptr;  // it has thrown

  host->of("/").on("count", [](Socket&, std::string word, Ack ack) {
    visits += 1;
    ack(static_cast<int>(word.size()), visits.load());
  });
  return nullptr;
}

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  napi_create_function(env, "start", NAPI_AUTO_LENGTH, start, nullptr, &function);
  return function;
}
