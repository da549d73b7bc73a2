// Calls of the application's functions: what they throw is reported, and goes no further.
#pragma once

#include <exception>
#include <string_view>

#include "beastio/socketio/handlers.hpp"
#include "socketio/server/routes.hpp"
#include "socketio/server/server-core.hpp"

namespace beastio::socketio {

/// Returns whether `function` has returned.
template <class Function>
bool guarded(const ServerCore& core, SocketRef socket, std::string_view event, Function function) {
  const auto failed = [&](std::string_view what) {
    core.report({make_error_code(Errc::kHandlerFailed), what, socket, event});
    return false;
  };
  try {
    function();
    return true;
  } catch (const std::exception& error) {
    return failed(error.what());
  } catch (...) {
    return failed("something that is no std::exception");
  }
}

inline void callHandler(const ServerCore& core, const Route& route, Event& event) {
  guarded(core, event.ref, event.name, [&] {
    if (route.handler(event)) return;
    core.report(
        {make_error_code(Errc::kBadArguments), "arguments of other types", event.ref, event.name});
  });
}

}  // namespace beastio::socketio
