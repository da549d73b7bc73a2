#include "socketio/abi/handlers.hpp"

#include <algorithm>
#include <cstring>
#include <future>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "socketio/abi/event-for-addon.hpp"
#include "socketio/abi/host.hpp"
#include "socketio/abi/raw.hpp"
#include "socketio/server/event-queue.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

namespace {

/// What an addon has brought. It is told when the last one lets it go.
class Handlers {
 public:
  explicit Handlers(const beastio_handlers& given) {
    std::memcpy(&handlers_, &given, std::min<std::size_t>(given.size, sizeof(handlers_)));
    if (handlers_.on_retain != nullptr) handlers_.on_retain(handlers_.user);
  }
  ~Handlers() {
    if (handlers_.on_release != nullptr) handlers_.on_release(handlers_.user);
    released_.set_value();
  }
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;

  const beastio_handlers& get() const { return handlers_; }
  /// They stay the addon's, and it is told nothing.
  void forget() {
    if (handlers_.on_retain == nullptr) handlers_.on_release = nullptr;
  }
  std::shared_future<void> released() { return released_.get_future().share(); }

 private:
  beastio_handlers handlers_{};
  std::promise<void> released_;
};

/// The way to handlers for events that wait in a queue. It may be shut while they wait.
class Gate {
 public:
  explicit Gate(std::shared_ptr<const Handlers> handlers) : handlers_(std::move(handlers)) {}

  std::shared_ptr<const Handlers> open() const {
    const std::lock_guard lock(mutex_);
    return handlers_;
  }
  void shut() {
    std::shared_ptr<const Handlers> last;
    const std::lock_guard lock(mutex_);
    last.swap(handlers_);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Handlers> handlers_;  // guarded
};

// Whose handler this thread is in, off the I/O threads.
thread_local const Handlers* calling = nullptr;

bool call(const Handlers& handlers, Event& event) {
  auto* const local = reinterpret_cast<beastio_local*>(event.socket);
  EventForAddon given(event.ref, local, event.name, event.args, event.ack);
  switch (handlers.get().on_event(handlers.get().user, &given.event())) {
    case BEASTIO_PASS:
      event.isPassedOn = true;
      return true;
    case BEASTIO_FAILED:
      throw std::runtime_error(given.failure());
    case BEASTIO_REFUSED:
      return false;
    case BEASTIO_DONE:
      break;
  }
  return true;
}

EventHandler handlerFor(std::shared_ptr<const Handlers> handlers) {
  return [handlers = std::move(handlers)](Event& event) { return call(*handlers, event); };
}

EventHandler handlerBehind(std::shared_ptr<const Gate> gate) {
  return [gate = std::move(gate)](Event& event) {
    const auto handlers = gate->open();
    if (!handlers) return true;
    const auto* const outer = std::exchange(calling, handlers.get());
    struct Restored {
      const Handlers* outer;
      ~Restored() { calling = outer; }
    } const restored{outer};
    return call(*handlers, event);
  };
}

void tell(void (*function)(void*, beastio_event*), const Handlers& handlers, Socket& socket,
          std::string_view name, std::string_view payload) {
  EventForAddon given(socket.ref(), reinterpret_cast<beastio_local*>(&socket), name, payload);
  function(handlers.get().user, &given.event());
  if (!given.failure().empty()) throw std::runtime_error(given.failure());
}

void addListeners(Routes& routes, const std::shared_ptr<const Handlers>& handlers) {
  const auto& functions = handlers->get();
  const void* const owner = handlers.get();
  if (auto* const f = functions.on_connection) {
    routes.connection.push_back(
        {[f, handlers](Socket& s) { tell(f, *handlers, s, {}, s.handshake().auth()); }, owner});
  }
  if (auto* const f = functions.on_disconnecting) {
    routes.disconnecting.push_back({[f, handlers](Socket& s, DisconnectReason why) {
                                      tell(f, *handlers, s, toString(why), {});
                                    },
                                    owner});
  }
  if (auto* const f = functions.on_disconnect) {
    routes.disconnect.push_back({[f, handlers](Socket& s, DisconnectReason why, std::string_view) {
                                   tell(f, *handlers, s, toString(why), {});
                                 },
                                 owner});
  }
}

// They decide in the order in which they were added. The first one fills the gaps of those that
// were taken out.
void addMiddleware(Routes& routes, const std::shared_ptr<const Handlers>& handlers) {
  auto* const f = handlers->get().on_entering;
  if (f == nullptr) return;
  std::erase_if(routes.middlewares, [](const auto& gap) { return gap.owner == nullptr; });
  routes.addMiddleware({[f, handlers](Socket& socket, Next next) {
                          EventForAddon given(socket.ref(),
                                              reinterpret_cast<beastio_local*>(&socket), {},
                                              socket.handshake().auth());
                          auto owed = std::make_unique<beastio_next>(beastio_next{std::move(next)});
                          f(handlers->get().user, &given.event(), owed.release());
                          if (!given.failure().empty()) {
                            throw std::runtime_error(given.failure());
                          }
                        },
                        handlers.get()});
}

void removeListeners(Routes& routes, const void* owner) {
  const auto isTheirs = [owner](const auto& listener) { return listener.owner == owner; };
  std::erase_if(routes.connection, isTheirs);
  std::erase_if(routes.disconnecting, isTheirs);
  std::erase_if(routes.disconnect, isTheirs);
  for (auto& middleware : routes.middlewares) {
    if (!isTheirs(middleware)) continue;
    middleware.function = [](Socket&, const Next&) {};  // nobody gets in unchecked
    middleware.owner = nullptr;
  }
}

}  // namespace

}  // namespace beastio::socketio

struct beastio_registration {
  std::weak_ptr<beastio::socketio::ServerCore> core;
  std::uint32_t scope = 0;
  std::string event;
  std::weak_ptr<const beastio::socketio::Route> route;  // of an event
  std::shared_ptr<beastio::socketio::Gate> gate;        // of one that is handled elsewhere
  const beastio::socketio::Handlers* handlers = nullptr;
  std::shared_future<void> released;
};

namespace beastio::socketio {

beastio_status addHandlers(const std::shared_ptr<ServerCore>& core, std::uint32_t scope,
                           std::string_view event, const beastio_handlers& given,
                           beastio_registration** out) {
  const bool needsInbox = given.place == BEASTIO_IN_INBOX;
  if (!event.empty() && (given.on_event == nullptr || (needsInbox && given.inbox == nullptr))) {
    return BEASTIO_BAD_ARGUMENTS;
  }
  auto handlers = std::make_shared<Handlers>(given);
  const auto& functions = handlers->get();
  auto registration = std::make_unique<beastio_registration>();
  registration->core = core;
  registration->scope = scope;
  registration->event = event;
  registration->handlers = handlers.get();
  registration->released = handlers->released();
  auto& nsp = core->namespaceOf(scope);
  if (event.empty()) {
    if (functions.on_entering != nullptr) core->beAsked();
    nsp.change([&](Routes& routes) {
      addListeners(routes, handlers);
      addMiddleware(routes, handlers);
    });
  } else {
    std::shared_ptr<EventQueue> queue;
    if (functions.place == BEASTIO_IN_POOL) queue = core->poolQueue();
    if (functions.place == BEASTIO_IN_INBOX) queue = functions.inbox->inbox.queue();
    if (queue) registration->gate = std::make_shared<Gate>(handlers);
    const auto route = std::make_shared<const Route>(
        Route{queue ? handlerBehind(registration->gate) : handlerFor(handlers), queue});
    registration->route = route;
    bool isTaken = false;
    nsp.change([&](Routes& routes) {
      isTaken = !routes.events.try_emplace(std::string(event), route).second;
    });
    if (isTaken) {
      handlers->forget();
      return BEASTIO_TAKEN;
    }
  }
  *out = registration.release();
  return BEASTIO_OK;
}

// The routes let go of the handlers when the I/O threads have the next ones.
void removeHandlers(beastio_registration* given) {
  const std::unique_ptr<beastio_registration> registration(given);
  if (const auto core = registration->core.lock()) {
    auto& nsp = core->namespaceOf(registration->scope);
    nsp.change([&](Routes& routes) {
      if (registration->event.empty()) return removeListeners(routes, registration->handlers);
      const auto found = routes.events.find(registration->event);
      if (found != routes.events.end() && found->second == registration->route.lock()) {
        routes.events.erase(found);
      }
    });
  }
  if (registration->gate) registration->gate->shut();
  if (isServerThread() || calling == registration->handlers) return;
  constexpr std::chrono::milliseconds kLook{20};
  while (registration->released.wait_for(kLook) == std::future_status::timeout) {
    const auto core = registration->core.lock();
    if (!core || core->isClosed()) return;  // they go with it
  }
}

}  // namespace beastio::socketio
