// Who may enter a namespace, as an addon says. Part of beastio/native.hpp.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "beastio/native/many.hpp"

namespace beastio::socketio {

/// A client that waits to be let in, as the host has it.
class NextState {
 public:
  explicit NextState(beastio_next* next) : next_(next) {}
  ~NextState() { refuse({.message = "Internal error"}); }
  NextState(const NextState&) = delete;
  NextState& operator=(const NextState&) = delete;

  void letIn() {
    if (auto* const next = take()) native::api().let_in(next);
  }
  void refuse(const ConnectError& error) {
    if (auto* const next = take()) {
      native::api().refuse(next, native::raw(error.message), native::raw(error.dataJson));
    }
  }

 private:
  beastio_next* take() { return next_.exchange(nullptr); }

  std::atomic<beastio_next*> next_;  // none: it is decided
};

inline void Next::operator()() const { state_->letIn(); }

inline void Next::operator()(const ConnectError& error) const { state_->refuse(error); }

inline Namespace& Namespace::use(std::function<void(Socket&, Next)> middleware) {
  using Middleware = std::function<void(Socket&, Next)>;
  beastio_handlers handlers{};
  handlers.size = sizeof(handlers);
  handlers.user = std::make_unique<Middleware>(std::move(middleware)).release();
  handlers.on_entering = [](void* user, beastio_event* event, beastio_next* next) {
    const auto state = std::make_shared<NextState>(next);
    native::LocalSocket socket(*event);
    native::guarded(*event, [&] { (*static_cast<Middleware*>(user))(socket, Next(state)); });
  };
  handlers.on_release = [](void* user) {
    const std::unique_ptr<Middleware> last(static_cast<Middleware*>(user));
  };
  static_cast<native::HostNamespace&>(*this).add({}, handlers);
  return *this;
}

}  // namespace beastio::socketio
