// Sockets, rooms and namespaces in an addon: what beastio/socketio/*.hpp declare, by the functions
// of the host. Part of beastio/native.hpp.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/native/values.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/handlers.hpp"
#include "beastio/socketio/inbox.hpp"
#include "beastio/socketio/namespace.hpp"
#include "beastio/socketio/outbox.hpp"
#include "beastio/socketio/socket.hpp"

namespace beastio::native {

/// Calls a function of the addon; what it throws is told to the host. Returns whether it returned.
template <class Function>
bool guarded(const beastio_event& event, Function function) {
#if defined(__cpp_exceptions)
  const auto fail = [&event](std::string_view what) {
    if (event.fail != nullptr) event.fail(event.fail_user, raw(what));
    return false;
  };
  try {
    function();
    return true;
  } catch (const std::exception& error) {
    return fail(error.what());
  } catch (...) {
    return fail("something that is no std::exception");
  }
#else
  static_cast<void>(event);
  function();
  return true;
#endif
}

/// A socket within a call of the host's.
class LocalSocket final : public socketio::Socket {
 public:
  explicit LocalSocket(const beastio_event& event) : local(event.local), ref(refOf(event.socket)) {}

  beastio_facts facts() const {
    beastio_facts facts{};
    facts.size = sizeof(facts);
    api().facts(local, &facts);
    return facts;
  }

  beastio_local* const local;
  const socketio::SocketRef ref;
  mutable std::optional<socketio::Handshake> handshake{};
};

inline LocalSocket& localOf(socketio::Socket& socket) { return static_cast<LocalSocket&>(socket); }
inline const LocalSocket& localOf(const socketio::Socket& socket) {
  return static_cast<const LocalSocket&>(socket);
}

/// A namespace of the host, and the handlers that this addon has set there.
class HostNamespace final : public socketio::Namespace {
 public:
  explicit HostNamespace(std::string_view theName) : text(theName) {}
  ~HostNamespace() { removeAll(); }

  /// Asks for it, unless that was done. Runs on: the JS thread.
  void open(beastio_host* host) {
    if (scope == 0) error = errorOf(api().namespace_of(host, raw(text), &scope));
  }
  /// Asks for it, to serve it without JavaScript. Runs on: the JS thread.
  void serve(beastio_host* host) {
    if (!BEASTIO_HAS(&api(), serve_namespace)) {
      error = socketio::make_error_code(socketio::Errc::kUnknownNamespace);
    } else {
      error = errorOf(api().serve_namespace(host, raw(text), &scope));
    }
#if defined(__cpp_exceptions)
    if (error) throw std::system_error(error, text);
#endif
  }
  void add(std::string_view event, const beastio_handlers& handlers) {
    beastio_registration* registration = nullptr;
    const auto status = api().add_handlers(scope, raw(event), &handlers, &registration);
    error = errorOf(status);
    if (status == BEASTIO_OK) {
      const std::lock_guard lock(mutex_);
      registrations_.emplace(event, registration);
      return;
    }
    handlers.on_release(handlers.user);
#if defined(__cpp_exceptions)
    throw std::system_error(error, std::string(event));
#endif
  }
  void remove(std::string_view event) {
    for (;;) {
      beastio_registration* last = nullptr;
      {
        const std::lock_guard lock(mutex_);
        const auto found = registrations_.find(event);
        if (found == registrations_.end()) return;
        last = found->second;
        registrations_.erase(found);
      }
      api().remove_handlers(last);
    }
  }
  void removeAll() {
    std::multimap<std::string, beastio_registration*, std::less<>> all;
    {
      const std::lock_guard lock(mutex_);
      all.swap(registrations_);
    }
    for (const auto& [event, registration] : all) api().remove_handlers(registration);
  }

  std::uint32_t scope = 0;  // none: see `error`
  const std::string text;
  std::error_code error{};  // of the last call

 private:
  std::mutex mutex_;
  /// By event; those of connections and ends have an empty one.
  std::multimap<std::string, beastio_registration*, std::less<>> registrations_;  // guarded
};

inline const HostNamespace& namespaceOf(const socketio::Namespace& nsp) {
  return static_cast<const HostNamespace&>(nsp);
}

}  // namespace beastio::native

namespace beastio::socketio {

/// Messages of one thread, as the host has them.
struct Outbox::Content {
  explicit Content(beastio_batch* theBatch) : batch(theBatch) {}
  ~Content() {
    if (batch != nullptr) native::api().batch_free(batch);
  }
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  beastio_batch* const batch;  // none: the host was closed already
};

/// The events of an inbox, as the host has them.
class EventQueue {
 public:
  explicit EventQueue(std::size_t maxBytes) : inbox(native::api().inbox_new(maxBytes)) {}
  ~EventQueue() { native::api().inbox_free(inbox); }
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  beastio_inbox* const inbox;
};

/// Calls that take what is written already.
struct RawCalls {
  static void ask(SocketRef ref, const EventWriter& writer, AckSink sink,
                  std::chrono::milliseconds timeout) {
    ref.ask(writer, std::move(sink), timeout);
  }
};

// Sockets by name.

inline std::error_code SocketRef::send(const EventWriter& writer, Outbox* outbox,
                                       bool isVolatile) const {
  const native::Packet packet(writer.writer(), writer.event(), isVolatile ? native::kVolatile : 0);
  if (outbox != nullptr && outbox->content().batch == nullptr) return Errc::kClosed;
  auto* const batch = outbox == nullptr ? nullptr : outbox->content().batch;
  return native::errorOf(native::api().emit(batch, native::raw(*this), packet.get()));
}

inline void SocketRef::ask(const EventWriter& writer, AckSink sink,
                           std::chrono::milliseconds timeout) const {
  const native::Packet packet(writer.writer(), writer.event(), 0);
  auto held = std::make_unique<AckSink>(std::move(sink));
  native::api().ask(
      native::raw(*this), packet.get(), static_cast<std::uint32_t>(timeout.count()),
      [](void* user, beastio_status status, const beastio_event* answer) {
        const std::unique_ptr<AckSink> done(static_cast<AckSink*>(user));
        if (answer == nullptr) {
          return callQuietly([&] { (*done)(native::errorOf(status), nullptr); });
        }
        const native::Given given(*answer);
        native::guarded(*answer, [&] { (*done)({}, &given.args()); });
      },
      held.release());
}

inline std::error_code SocketRef::join(std::string_view room) const {
  return native::errorOf(native::api().join(native::raw(*this), native::raw(room)));
}

inline std::error_code SocketRef::leave(std::string_view room) const {
  return native::errorOf(native::api().leave(native::raw(*this), native::raw(room)));
}

inline std::error_code SocketRef::disconnect(bool close) const {
  return native::errorOf(native::api().disconnect(native::raw(*this), close ? 1 : 0));
}

inline void SocketRef::post(std::function<void(Socket&)> task) const {
  using Task = std::function<void(Socket&)>;
  auto held = std::make_unique<Task>(std::move(task));
  native::api().post(
      native::raw(*this),
      [](void* user, beastio_event* event) {
        const std::unique_ptr<Task> once(static_cast<Task*>(user));
        if (event == nullptr) return;
        native::LocalSocket socket(*event);
        native::guarded(*event, [&] { (*once)(socket); });
      },
      held.release());
}

inline BroadcastOperator SocketRef::broadcast() const {
  return BroadcastOperator(scope_).except(*this);
}

inline BroadcastOperator SocketRef::to(std::string_view room) const { return broadcast().to(room); }

inline std::error_code Ack::answer(const Writer& writer) const {
  const native::Packet packet(writer, {}, 0);
  return native::errorOf(
      native::api().answer(native::raw(socket_), static_cast<std::int64_t>(id_), packet.get()));
}

inline std::error_code Ack::operator()(const Args& args) const {
  if (!take()) return {};
  Writer writer;
  writer.beginArray();
  if (const auto json = args.json(); !json.empty()) writer.raw(RawJson::trusted(json));
  for (const auto bytes : args.attachments()) writer.attach(std::as_bytes(std::span(bytes)));
  writer.endArray();
  return answer(writer);
}

// Sockets within a call.

inline SocketRef Socket::ref() const { return native::localOf(*this).ref; }

inline std::string_view Socket::id() const {
  return native::view(native::localOf(*this).facts().id);
}

inline bool Socket::isConnected() const { return native::localOf(*this).facts().is_connected != 0; }

inline int Socket::protocol() const { return native::localOf(*this).facts().protocol; }

inline const Handshake& Socket::handshake() const {
  const auto& socket = native::localOf(*this);
  if (!socket.handshake) {
    socket.handshake.emplace(std::make_shared<const Handshake::Facts>(),
                             std::string(native::view(socket.facts().auth)));
  }
  return *socket.handshake;
}

inline std::vector<std::string_view> Socket::rooms() const {
  std::vector<std::string_view> names;
  native::api().rooms(
      native::localOf(*this).local,
      [](void* user, beastio_bytes room) {
        static_cast<std::vector<std::string_view>*>(user)->push_back(native::view(room));
      },
      &names);
  return names;
}

inline bool Socket::isIn(std::string_view room) const {
  return native::api().is_in(native::localOf(*this).local, native::raw(room)) != 0;
}

inline std::error_code Socket::join(std::string_view room) { return ref().join(room); }

inline void Socket::leave(std::string_view room) { ref().leave(room); }

inline void Socket::disconnect(bool close) { ref().disconnect(close); }

inline BroadcastOperator Socket::broadcast() const { return ref().broadcast(); }

inline BroadcastOperator Socket::to(std::string_view room) const { return broadcast().to(room); }

inline BroadcastOperator Socket::except(std::string_view room) const {
  return broadcast().except(room);
}

inline std::error_code Socket::send(const EventWriter& writer, bool isVolatile) {
  const native::Packet packet(writer.writer(), writer.event(), isVolatile ? native::kVolatile : 0);
  return native::errorOf(native::api().emit(nullptr, native::raw(ref()), packet.get()));
}

inline void Socket::ask(const EventWriter& writer, AckSink sink,
                        std::chrono::milliseconds timeout) {
  RawCalls::ask(ref(), writer, std::move(sink), timeout);
}

inline std::shared_ptr<void>& Socket::dataPlace() {
  static const char owner = 0;
  using Held = std::shared_ptr<void>;
  void** const place = native::api().data(native::localOf(*this).local, &owner, [](void* held) {
    const std::unique_ptr<Held> last(static_cast<Held*>(held));
  });
  if (*place == nullptr) *place = std::make_unique<Held>().release();
  return *static_cast<Held*>(*place);
}

}  // namespace beastio::socketio
