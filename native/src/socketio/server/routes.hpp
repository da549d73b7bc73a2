// What a namespace has been told to do. Never changes: a namespace gets another one, and each I/O
// thread follows. Those that call a handler keep it as long as the call lasts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/socketio/handlers.hpp"
#include "beastio/socketio/namespace.hpp"
#include "socketio/values/text-map.hpp"

namespace beastio::socketio {

class EventQueue;

struct Route {
  EventHandler handler;
  std::shared_ptr<EventQueue> queue;  ///< of an inbox or the pool; none: on the I/O thread
};

/// A listener that may be taken out again by its owner.
template <class... Ps>
struct Listener {
  std::function<void(Ps...)> function;
  const void* owner = nullptr;

  void operator()(Ps... parameters) const { function(std::forward<Ps>(parameters)...); }
};

/// It says who may enter. Numbers grow: who has passed one goes on behind it, whatever was added or
/// taken out meanwhile.
struct Middleware : Listener<Socket&, Next> {
  std::uint64_t number = 0;
};

struct Routes {
  std::uint64_t version = 0;
  TextMap<std::shared_ptr<const Route>> events;
  std::vector<std::function<void(Socket&, std::string_view, const Args&)>> any;
  std::vector<Middleware> middlewares;  ///< by number
  std::uint64_t lastMiddleware = 0;
  std::vector<Listener<Socket&>> connection;
  std::vector<Listener<Socket&, DisconnectReason>> disconnecting;
  std::vector<Listener<Socket&, DisconnectReason, std::string_view>> disconnect;

  void addMiddleware(Listener<Socket&, Next> listener) {
    middlewares.push_back({std::move(listener), ++lastMiddleware});
  }
};

}  // namespace beastio::socketio
