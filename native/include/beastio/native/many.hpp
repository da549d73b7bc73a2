// Broadcasts, batches, inboxes and namespaces in an addon. Part of beastio/native.hpp.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/native/calls.hpp"

namespace beastio::native {

/// What a BroadcastOperator means, for the host. Lifetime: of the target.
class RawAudience {
 public:
  explicit RawAudience(const socketio::Target& target)
      : rooms_(rawOf(target.rooms)), except_(rawOf(target.except)) {
    for (const auto& socket : target.exceptSockets) sockets_.push_back(raw(socket));
    audience_ = {.size = sizeof(beastio_audience),
                 .scope = target.scope,
                 .flags = flagsOf(target),
                 .timeout_ms = static_cast<std::uint32_t>(target.timeout.count()),
                 .rooms = rooms_.data(),
                 .except_rooms = except_.data(),
                 .except_sockets = sockets_.data(),
                 .room_count = static_cast<std::uint32_t>(rooms_.size()),
                 .except_room_count = static_cast<std::uint32_t>(except_.size()),
                 .except_socket_count = static_cast<std::uint32_t>(sockets_.size())};
  }
  RawAudience(const RawAudience&) = delete;
  RawAudience& operator=(const RawAudience&) = delete;

  const beastio_audience* get() const { return &audience_; }

 private:
  static std::vector<beastio_bytes> rawOf(const std::vector<std::string>& names) {
    std::vector<beastio_bytes> result;
    for (const auto& name : names) result.push_back(raw(name));
    return result;
  }
  static std::uint32_t flagsOf(const socketio::Target& target) {
    return (target.isVolatile ? kVolatile : 0) | (target.compress ? 0 : kNoCompress) |
           (target.isLocal ? kLocal : 0);
  }

  std::vector<beastio_bytes> rooms_;
  std::vector<beastio_bytes> except_;
  std::vector<beastio_socket> sockets_;
  beastio_audience audience_{};
};

/// A handler of an event, as the host calls it.
struct EventBinding {
  socketio::EventHandler handler;

  static beastio_verdict call(void* user, beastio_event* event) {
    auto& handler = static_cast<EventBinding*>(user)->handler;
    const Given given(*event);
    const auto ref = refOf(event->socket);
    socketio::Event call{.ref = ref, .name = view(event->name), .args = given.args()};
    if (event->ack_id >= 0) call.ack = {ref, static_cast<std::uint64_t>(event->ack_id)};
    bool isTaken = true;
    const bool hasReturned = guarded(*event, [&] {
      if (event->local == nullptr) {
        isTaken = handler(call);
      } else {
        LocalSocket socket(*event);
        call.socket = &socket;
        isTaken = handler(call);
      }
    });
    if (!hasReturned) return BEASTIO_FAILED;
    if (!isTaken) return BEASTIO_REFUSED;
    return call.isPassedOn ? BEASTIO_PASS : BEASTIO_DONE;
  }
  static void release(void* user) {
    const std::unique_ptr<EventBinding> last(static_cast<EventBinding*>(user));
  }
};

/// A handler that an object of JavaScript's stands for, and several events may use.
struct SharedBinding {
  explicit SharedBinding(socketio::EventHandler handler) : binding{std::move(handler)} {}

  EventBinding binding;
  beastio_handlers handlers{};
  std::atomic<unsigned> holders{1};

  static beastio_verdict call(void* user, beastio_event* event) {
    use(*event);
    return EventBinding::call(&static_cast<SharedBinding*>(user)->binding, event);
  }
  static void retain(void* user) { ++static_cast<SharedBinding*>(user)->holders; }
  static void release(void* user) {
    auto* const shared = static_cast<SharedBinding*>(user);
    if (shared->holders.fetch_sub(1) > 1) return;
    const std::unique_ptr<SharedBinding> last(shared);
  }
};

/// Listeners of connections and ends, as the host calls them.
struct SocketBinding {
  std::function<void(socketio::Socket&)> connection{};
  std::function<void(socketio::Socket&, socketio::DisconnectReason)> disconnecting{};
  std::function<void(socketio::Socket&, socketio::DisconnectReason, std::string_view)> disconnect{};

  static socketio::DisconnectReason reasonOf(const beastio_event& event) {
    for (int i = 0; i <= static_cast<int>(socketio::DisconnectReason::kServerShuttingDown); ++i) {
      const auto reason = static_cast<socketio::DisconnectReason>(i);
      if (socketio::toString(reason) == view(event.name)) return reason;
    }
    return socketio::DisconnectReason::kServerNamespaceDisconnect;
  }
  static void onConnection(void* user, beastio_event* event) {
    LocalSocket socket(*event);
    guarded(*event, [&] { static_cast<SocketBinding*>(user)->connection(socket); });
  }
  static void onDisconnecting(void* user, beastio_event* event) {
    LocalSocket socket(*event);
    guarded(*event,
            [&] { static_cast<SocketBinding*>(user)->disconnecting(socket, reasonOf(*event)); });
  }
  static void onDisconnect(void* user, beastio_event* event) {
    LocalSocket socket(*event);
    guarded(*event,
            [&] { static_cast<SocketBinding*>(user)->disconnect(socket, reasonOf(*event), {}); });
  }
  static void release(void* user) {
    const std::unique_ptr<SocketBinding> last(static_cast<SocketBinding*>(user));
  }
};

inline void addListeners(socketio::Namespace& nsp, SocketBinding binding) {
  beastio_handlers handlers{};
  handlers.size = sizeof(handlers);
  if (binding.connection) handlers.on_connection = SocketBinding::onConnection;
  if (binding.disconnecting) handlers.on_disconnecting = SocketBinding::onDisconnecting;
  if (binding.disconnect) handlers.on_disconnect = SocketBinding::onDisconnect;
  handlers.user = std::make_unique<SocketBinding>(std::move(binding)).release();
  handlers.on_release = SocketBinding::release;
  static_cast<HostNamespace&>(nsp).add({}, handlers);
}

/// A task that the host keeps.
struct TaskBinding {
  TaskBinding(std::function<void()> theTask, beastio_host* theHost)
      : task(std::move(theTask)), host(theHost) {
    api().retain(host);
  }
  ~TaskBinding() { api().release(host); }
  TaskBinding(const TaskBinding&) = delete;
  TaskBinding& operator=(const TaskBinding&) = delete;

  const std::function<void()> task;
  beastio_host* const host;

  static void run(void* user) {
    auto& binding = *static_cast<TaskBinding*>(user);
    beastio_event nothing{};
    nothing.fail = [](void* whose, beastio_bytes what) {
      api().report(static_cast<beastio_host*>(whose), what);
    };
    nothing.fail_user = binding.host;
    guarded(nothing, binding.task);
  }
  static void drop(void* user) {
    const std::unique_ptr<TaskBinding> last(static_cast<TaskBinding*>(user));
  }
};

/// Handlers of an event, for the host. `binding` stays until they are removed.
inline beastio_handlers handlersOf(EventBinding& binding, socketio::Inbox* inbox, bool inPool) {
  beastio_handlers handlers{};
  handlers.size = sizeof(handlers);
  handlers.place = inbox != nullptr ? BEASTIO_IN_INBOX
                   : inPool         ? BEASTIO_IN_POOL
                                    : BEASTIO_ON_THREAD;
  handlers.inbox = inbox != nullptr ? inbox->queue()->inbox : nullptr;
  handlers.user = &binding;
  handlers.on_event = EventBinding::call;
  return handlers;
}

}  // namespace beastio::native

namespace beastio::socketio {

// Broadcasts.

inline BroadcastOperator BroadcastOperator::to(std::string_view room) const& {
  return BroadcastOperator(*this).to(room);
}

inline BroadcastOperator BroadcastOperator::to(std::string_view room) && {
  target_.rooms.emplace_back(room);
  return std::move(*this);
}

inline BroadcastOperator BroadcastOperator::except(std::string_view room) const {
  auto next = *this;
  next.target_.except.emplace_back(room);
  return next;
}

inline BroadcastOperator BroadcastOperator::except(SocketRef socket) const {
  auto next = *this;
  next.target_.exceptSockets.push_back(socket);
  return next;
}

inline BroadcastOperator BroadcastOperator::volatile_() const {
  auto next = *this;
  next.target_.isVolatile = true;
  return next;
}

inline BroadcastOperator BroadcastOperator::compress(bool allowed) const {
  auto next = *this;
  next.target_.compress = allowed;
  return next;
}

inline BroadcastOperator BroadcastOperator::local() const {
  auto next = *this;
  next.target_.isLocal = true;
  return next;
}

inline BroadcastOperator BroadcastOperator::timeout(std::chrono::milliseconds time) const {
  auto next = *this;
  next.target_.timeout = time;
  return next;
}

inline std::error_code BroadcastOperator::send(const EventWriter& writer, Outbox* outbox) const {
  const native::RawAudience audience(target_);
  const native::Packet packet(writer.writer(), writer.event(), 0);
  if (outbox != nullptr && outbox->content().batch == nullptr) return Errc::kClosed;
  auto* const batch = outbox == nullptr ? nullptr : outbox->content().batch;
  return native::errorOf(native::api().broadcast(batch, audience.get(), packet.get()));
}

inline void BroadcastOperator::ask(const EventWriter& writer, AnswersSink done) const {
  const native::RawAudience audience(target_);
  const native::Packet packet(writer.writer(), writer.event(), 0);
  auto held = std::make_unique<AnswersSink>(std::move(done));
  native::api().ask_all(
      audience.get(), packet.get(),
      [](void* user, beastio_status status, std::size_t expected, const beastio_event* answers,
         std::size_t count) {
        const std::unique_ptr<AnswersSink> once(static_cast<AnswersSink*>(user));
        callQuietly([&] {
          std::vector<OwnedArgs> kept;
          for (std::size_t i = 0; i < count; ++i) {
            kept.push_back(native::Given(answers[i]).args().copy());
          }
          (*once)(native::errorOf(status), expected, kept);
        });
      },
      held.release());
}

inline std::error_code BroadcastOperator::socketsJoin(std::string_view room) const {
  const native::RawAudience audience(target_);
  return native::errorOf(native::api().sockets_join(audience.get(), native::raw(room)));
}

inline std::error_code BroadcastOperator::socketsLeave(std::string_view room) const {
  const native::RawAudience audience(target_);
  return native::errorOf(native::api().sockets_leave(audience.get(), native::raw(room)));
}

inline std::error_code BroadcastOperator::disconnectSockets(bool close) const {
  const native::RawAudience audience(target_);
  return native::errorOf(native::api().disconnect_sockets(audience.get(), close ? 1 : 0));
}

inline Pending<std::vector<RemoteSocket>> BroadcastOperator::fetchSockets() const {
  struct Fetching {
    std::vector<RemoteSocket> sockets;
    std::function<void(Result<std::vector<RemoteSocket>>)> done;
  };
  Pending<std::vector<RemoteSocket>> pending;
  const native::RawAudience audience(target_);
  auto fetching = std::make_unique<Fetching>(Fetching{{}, pending.completion()});
  native::api().fetch_sockets(
      audience.get(),
      [](void* user, const beastio_remote* remote) {
        auto* const found = static_cast<Fetching*>(user);
        if (remote == nullptr) {
          const std::unique_ptr<Fetching> last(found);
          return callQuietly([&] { last->done(std::move(last->sockets)); });
        }
        RemoteSocket socket{.ref = native::refOf(remote->socket),
                            .id = std::string(native::view(remote->id))};
        for (std::uint32_t i = 0; i < remote->room_count; ++i) {
          socket.rooms.emplace_back(native::view(remote->rooms[i]));
        }
        found->sockets.push_back(std::move(socket));
      },
      fetching.release());
  return pending;
}

// Batches and inboxes.

inline Outbox::Outbox(std::unique_ptr<Content> content) : content_(std::move(content)) {}

inline Outbox::~Outbox() { flush(); }

inline std::error_code Outbox::flush() {
  if (content_->batch == nullptr) return Errc::kClosed;
  return native::errorOf(native::api().batch_flush(content_->batch));
}

inline std::size_t Outbox::bytes() const {
  return content_->batch == nullptr ? 0 : native::api().batch_bytes(content_->batch);
}

inline Inbox::Inbox(std::size_t maxBytes) : queue_(std::make_shared<EventQueue>(maxBytes)) {}

inline Inbox::~Inbox() = default;

inline std::size_t Inbox::drain() { return native::api().inbox_drain(queue_->inbox); }

inline bool Inbox::waitFor(std::chrono::milliseconds time) {
  return native::api().inbox_wait(queue_->inbox, static_cast<std::uint32_t>(time.count())) != 0;
}

// Namespaces.

inline std::string_view Namespace::name() const { return native::namespaceOf(*this).text; }

inline BroadcastOperator Namespace::all() const {
  return BroadcastOperator(native::namespaceOf(*this).scope);
}

inline std::size_t Namespace::socketsCount() const {
  return native::api().sockets_count(native::namespaceOf(*this).scope);
}

inline Namespace& Namespace::setHandler(std::string_view event, EventHandler handler, Inbox* inbox,
                                        bool inPool) {
  off(event);
  auto binding = std::make_unique<native::EventBinding>(native::EventBinding{std::move(handler)});
  auto handlers = native::handlersOf(*binding, inbox, inPool);
  handlers.on_release = native::EventBinding::release;
  handlers.user = binding.release();
  static_cast<native::HostNamespace&>(*this).add(event, handlers);
  return *this;
}

inline Namespace& Namespace::off(std::string_view event) {
  static_cast<native::HostNamespace&>(*this).remove(event);
  return *this;
}

inline Namespace& Namespace::onConnection(std::function<void(Socket&)> listener) {
  native::addListeners(*this, {.connection = std::move(listener)});
  return *this;
}

inline Namespace& Namespace::onDisconnecting(
    std::function<void(Socket&, DisconnectReason)> listener) {
  native::addListeners(*this, {.disconnecting = std::move(listener)});
  return *this;
}

inline Namespace& Namespace::onDisconnect(
    std::function<void(Socket&, DisconnectReason, std::string_view)> listener) {
  native::addListeners(*this, {.disconnect = std::move(listener)});
  return *this;
}

}  // namespace beastio::socketio
