// Handlers in C++ for a server that JavaScript has made: for addons of Node's. It needs nothing to
// link with: the addon of beast.io brings the functions, over the C interface of beastio/abi.h.
//
//   Napi::Value start(const Napi::CallbackInfo& info) {
//     const auto host = beastio::native::Host::from(info.Env(), info[0]);  // io.native
//     if (!host) return info.Env().Undefined();  // an exception is on its way
//     host->of("/").on("move", [](beastio::socketio::Socket& socket, double x, double y) {
//       socket.to("arena").emit("moved", socket.id(), x, y);
//     });
//     return info.Env().Undefined();
//   }
//
// Sockets, rooms, events and acknowledgements are those of beastio/socketio.hpp. JavaScript says
// who may enter, behind `Namespace::use` here, but in namespaces that are served by C++ alone
// (`Host::serve`). Order: every file
// of the addon includes this one before others of beast.io's.
#pragma once

#if defined(BEASTIO_EXPORT) && !defined(BEASTIO_NATIVE_ADDON)
#error "include beastio/native.hpp before other headers of beast.io"
#endif
#define BEASTIO_NATIVE_ADDON

#include <node_api.h>

// All of the standard library that is used: what follows is hidden from other addons.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <compare>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#pragma GCC visibility push(hidden)

#include "beastio/native/entry.hpp"

namespace beastio::native {

/// A server that JavaScript has made. Copies are for the same one, and so is what `from` returns
/// for the same io.native. Runs on: any thread, where nothing else is said. Lifetime: it may
/// outlive the server, and is closed then.
class Host {
 public:
  /// What `io.native` is. Errors: none, with an exception pending in JavaScript. It is a TypeError,
  /// or has the code ERR_BEASTIO_ABI where the interface is of another major version. Runs on: the
  /// JS thread.
  static std::optional<Host> from(napi_env env, napi_value native);

  /// The namespace of a name, which is made if need be. Runs on: the JS thread; what it returns may
  /// be used on any. Lifetime: of the environment, as that of handlers that are set there.
  socketio::Namespace& of(std::string_view name) const;
  /// The namespace of a name, whose clients C++ lets in: JavaScript does not know it, and is not
  /// woken for it. Set its middlewares and handlers before clients come, or they miss some. Errors:
  /// throws std::system_error, kTaken if JavaScript has that namespace; see `lastError`. Runs on:
  /// the JS thread. Lifetime: as `of`.
  socketio::Namespace& serve(std::string_view name) const;
  /// How many I/O threads there are.
  unsigned ioThreads() const { return api().io_threads(state_->host); }
  /// Runs a task on an I/O thread. Errors: kClosed, kBadArguments if there is no such thread.
  std::error_code post(unsigned ioThread, std::function<void()> task) const;
  /// Runs a task once on an I/O thread, when the time is over. Returns what `cancel` takes; 0: the
  /// host is closed.
  std::uint64_t after(std::chrono::milliseconds time, std::function<void()> task,
                      unsigned ioThread = 0) const {
    return timer(time, std::move(task), ioThread, false);
  }
  /// Runs a task again and again on an I/O thread. Returns as `after`.
  std::uint64_t every(std::chrono::milliseconds period, std::function<void()> task,
                      unsigned ioThread = 0) const {
    return timer(period, std::move(task), ioThread, true);
  }
  /// Ends what `after` or `every` has begun.
  void cancel(std::uint64_t timer) const { api().cancel(state_->host, timer); }
  /// Takes all handlers away that were set by this object and its copies. When it returns, none of
  /// them is called any more, unless it is called within one.
  void removeHandlers() const;
  /// For the other classes.
  beastio_host* raw() const { return state_->host; }

 private:
  struct State {
    explicit State(beastio_host* theHost) : host(theHost) { api().retain(host); }
    ~State() { api().release(host); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    beastio_host* const host;
    std::mutex mutex;
    std::map<std::string, std::unique_ptr<HostNamespace>, std::less<>> namespaces;  // guarded
  };

  /// Those that were opened, by environment: their handlers stay until it ends.
  struct Opened {
    std::mutex mutex;
    std::map<napi_env, std::map<beastio_host*, std::shared_ptr<State>>> states;  // guarded
  };
  static inline Opened all_{};

  explicit Host(std::shared_ptr<State> state) : state_(std::move(state)) {}
  static Host opened(napi_env env, beastio_host* host);
  static void onEnvironmentEnd(void* env);
  static void throwMisfit(napi_env env, const std::string& text);
  HostNamespace& hold(std::string_view name) const;
  std::uint64_t timer(std::chrono::milliseconds time, std::function<void()> task, unsigned ioThread,
                      bool repeats) const;

  std::shared_ptr<State> state_;
};

// The end is that of all errors of beast.io (lib/errors/coded-error.js).
inline void Host::throwMisfit(napi_env env, const std::string& text) {
  const auto message =
      text + ". See docs/guide/troubleshooting.md#err_beastio_abi in the package beast.io.";
  napi_throw_error(env, "ERR_BEASTIO_ABI", message.c_str());
}

inline std::optional<Host> Host::from(napi_env env, napi_value value) {
  constexpr napi_type_tag kTag{BEASTIO_TAG_LOWER, BEASTIO_TAG_UPPER};
  napi_valuetype type = napi_undefined;
  bool isNative = false;
  void* data = nullptr;
  napi_typeof(env, value, &type);
  if (type == napi_object) napi_check_object_type_tag(env, value, &kTag, &isNative);
  if (isNative && napi_unwrap(env, value, &data) == napi_ok) {
    const auto& native = *static_cast<const beastio_native*>(data);
    if (table == nullptr) table = native.api;
    if (table == native.api) return opened(env, native.host);
    throwMisfit(env, "one addon serves the servers of one copy of beast.io, and there are several");
    return std::nullopt;
  }
  napi_value abi = nullptr;
  char text[16] = "";
  if (type == napi_object && napi_get_named_property(env, value, "abi", &abi) == napi_ok &&
      napi_get_value_string_utf8(env, abi, text, sizeof(text), nullptr) == napi_ok) {
    const auto message = std::string("the addon speaks version ") +
                         std::to_string(BEASTIO_ABI_MAJOR) +
                         " of beast.io's interface, the server " + text +
                         ": build the addon with the headers of the installed beast.io";
    throwMisfit(env, message);
  } else {
    napi_throw_type_error(env, nullptr, "io.native of beast.io is wanted");
  }
  return std::nullopt;
}

inline Host Host::opened(napi_env env, beastio_host* host) {
  const std::lock_guard lock(all_.mutex);
  auto [states, isFirst] = all_.states.try_emplace(env);
  if (isFirst) napi_add_env_cleanup_hook(env, onEnvironmentEnd, env);
  auto& state = states->second[host];
  if (!state) state = std::make_shared<State>(host);
  return Host(state);
}

inline void Host::onEnvironmentEnd(void* env) {
  std::map<beastio_host*, std::shared_ptr<State>> states;
  const std::lock_guard lock(all_.mutex);
  const auto found = all_.states.find(static_cast<napi_env>(env));
  if (found == all_.states.end()) return;
  states = std::move(found->second);
  all_.states.erase(found);
}

inline HostNamespace& Host::hold(std::string_view name) const {
  const std::lock_guard lock(state_->mutex);
  auto& held = state_->namespaces[std::string(name)];
  if (!held) held = std::make_unique<HostNamespace>(name);
  return *held;
}

// What JavaScript does when it is asked for a namespace may come back here.
inline socketio::Namespace& Host::of(std::string_view name) const {
  auto& nsp = hold(name);
  nsp.open(state_->host);
  return nsp;
}

inline socketio::Namespace& Host::serve(std::string_view name) const {
  auto& nsp = hold(name);
  nsp.serve(state_->host);
  return nsp;
}

inline void Host::removeHandlers() const {
  std::vector<HostNamespace*> namespaces;
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& [name, nsp] : state_->namespaces) namespaces.push_back(nsp.get());
  }
  for (auto* const nsp : namespaces) nsp->removeAll();
}

inline std::error_code Host::post(unsigned ioThread, std::function<void()> task) const {
  auto held = std::make_unique<TaskBinding>(std::move(task), state_->host);
  return errorOf(
      api().post_to(state_->host, ioThread, TaskBinding::run, TaskBinding::drop, held.release()));
}

inline std::uint64_t Host::timer(std::chrono::milliseconds time, std::function<void()> task,
                                 unsigned ioThread, bool repeats) const {
  auto held = std::make_unique<TaskBinding>(std::move(task), state_->host);
  return api().timer(state_->host, ioThread, static_cast<std::uint32_t>(time.count()),
                     repeats ? 1 : 0, TaskBinding::run, TaskBinding::drop, held.release());
}

/// What JavaScript has set by `socket.native.set`, or C++ has; empty: nobody has.
inline std::string attribute(const socketio::Socket& socket, std::string_view name) {
  std::string json;
  api().attribute(localOf(socket).local, raw(name), append, &json);
  return json;
}

/// Sets an attribute of a socket, for JavaScript as well.
template <socketio::Writable T>
std::error_code setAttribute(socketio::Socket& socket, std::string_view name, const T& value) {
  socketio::Writer writer;
  socketio::Codec<T>::write(value, writer);
  return errorOf(api().set_attribute(localOf(socket).local, raw(name), raw(writer.text())));
}

/// Handlers for `nsp.native.on(event, handlers)` of JavaScript: a callable as for Namespace::on,
/// and where it runs. One object may serve several events. Runs on: the JS thread.
template <class F>
napi_value handlers(napi_env env, F handler, socketio::Inbox* inbox = nullptr,
                    bool inPool = false) {
  constexpr napi_type_tag kTag{BEASTIO_HANDLERS_TAG_LOWER, BEASTIO_HANDLERS_TAG_UPPER};
  auto kept = std::make_unique<SharedBinding>(socketio::bindHandler(std::move(handler)));
  kept->handlers = handlersOf(kept->binding, inbox, inPool);
  kept->handlers.user = kept.get();
  kept->handlers.on_event = SharedBinding::call;
  kept->handlers.on_retain = SharedBinding::retain;
  kept->handlers.on_release = SharedBinding::release;
  napi_value object = nullptr;
  napi_create_object(env, &object);
  napi_type_tag_object(env, object, &kTag);
  auto* const shared = kept.release();
  napi_wrap(
      env, object, &shared->handlers,
      [](napi_env, void*, void* binding) { SharedBinding::release(binding); }, shared, nullptr);
  return object;
}

/// Why the last handler could not be set there: kTaken, if another addon has one for the event.
/// Where exceptions are enabled it was thrown as well.
inline std::error_code lastError(const socketio::Namespace& nsp) { return namespaceOf(nsp).error; }

}  // namespace beastio::native

/// @cond
namespace beastio::socketio {

inline Outbox::Outbox(const native::Host& host)
    : Outbox(std::make_unique<Content>(native::api().batch_new(host.raw()))) {}

}  // namespace beastio::socketio
/// @endcond

#pragma GCC visibility pop
