// From a callable of the application to a handler of events. What it takes is read from the
// arguments. A client that sends something else is told to `onError`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/socket-ref.hpp"

namespace beastio::socketio {

class Socket;

/// One event on its way to its handler. Lifetime: of the handler's call.
struct Event {
  Socket* socket = nullptr;  ///< none off the I/O thread
  SocketRef ref{};           ///< of the sender
  std::string_view name{};   ///< of the event
  const Args& args;          ///< checked JSON
  Ack ack{};                 ///< to be moved away
  bool isPassedOn = false;   ///< set by the handler: see Then
};

/// What is to become of an event that a handler has handled. Of use beside another server: see
/// beastio/native.hpp.
enum class Then : std::uint8_t {
  kDone,    ///< nothing
  kPassOn,  ///< the handlers in JavaScript get it too
};

/// What is called with an event. Returns false if the arguments are not what it takes.
using EventHandler = std::function<bool(Event& event)>;

/// The parameters of a function. It is not called.
template <class R, class... Ps>
std::tuple<std::type_identity<Ps>...> parametersOf(R (*)(Ps...));
/// Those of a function object.
template <class R, class C, class... Ps>
std::tuple<std::type_identity<Ps>...> parametersOf(R (C::*)(Ps...));
/// Those of a function object.
template <class R, class C, class... Ps>
std::tuple<std::type_identity<Ps>...> parametersOf(R (C::*)(Ps...) const);
/// Those of a function object.
template <class R, class C, class... Ps>
std::tuple<std::type_identity<Ps>...> parametersOf(R (C::*)(Ps...) noexcept);
/// Those of a function object.
template <class R, class C, class... Ps>
std::tuple<std::type_identity<Ps>...> parametersOf(R (C::*)(Ps...) const noexcept);
/// Those of any callable that is not overloaded.
template <class F>
constexpr auto parametersOf() {
  if constexpr (std::is_class_v<F>) {
    return decltype(parametersOf(&F::operator())){};
  } else {
    return decltype(parametersOf(std::declval<F>())){};
  }
}

/// One parameter of a handler, read from an event.
template <class P>
struct Parameter {
  using Value = std::remove_cvref_t<P>;  ///< what is read
  static_assert(Readable<Value>, "a parameter without a Codec: see beastio/socketio/codec.hpp");
  static constexpr bool kNeedsSocket = false;  ///< whether it is for the I/O thread only

  Value value{};  ///< of the argument
  /// Reads the next argument; one that is absent is null.
  bool read(Event& /*event*/, ArgsReader& reader) {
    const auto argument = reader.next();
    return Codec<Value>::read(argument ? *argument : Argument{.json = "null"}, value);
  }
  /// For the call.
  Value&& get() { return std::move(value); }
};

/// The sender, on its thread.
template <>
struct Parameter<Socket&> {
  static constexpr bool kNeedsSocket = true;  ///< it is confined

  Socket* value = nullptr;  ///< the sender
  /// Takes no argument.
  bool read(Event& event, ArgsReader& /*reader*/) {
    value = event.socket;
    return true;
  }
  /// For the call.
  Socket& get() { return *value; }
};

/// The sender's name.
template <>
struct Parameter<SocketRef> {
  static constexpr bool kNeedsSocket = false;  ///< any thread may use it

  SocketRef value{};  ///< the sender
  /// Takes no argument.
  bool read(Event& event, ArgsReader& /*reader*/) {
    value = event.ref;
    return true;
  }
  /// For the call.
  SocketRef get() { return value; }
};

/// All arguments as they are.
template <>
struct Parameter<const Args&> {
  static constexpr bool kNeedsSocket = false;  ///< any thread may use it

  const Args* value = nullptr;  ///< of the event
  /// Takes no argument.
  bool read(Event& event, ArgsReader& /*reader*/) {
    value = &event.args;
    return true;
  }
  /// For the call.
  const Args& get() { return *value; }
};

/// The acknowledgement.
template <>
struct Parameter<Ack> {
  static constexpr bool kNeedsSocket = false;  ///< any thread may use it

  Ack value{};  ///< of the event
  /// Takes no argument.
  bool read(Event& event, ArgsReader& /*reader*/) {
    value = std::move(event.ack);
    return true;
  }
  /// For the call.
  Ack&& get() { return std::move(value); }
};

/// The same, for those who do not move it away.
template <>
struct Parameter<const Ack&> : Parameter<Ack> {};

/// Whether one of the parameters is a Socket&.
template <class... Ps>
constexpr bool needsSocket(std::tuple<std::type_identity<Ps>...>) {
  return (Parameter<Ps>::kNeedsSocket || ...);
}
/// Whether a handler takes a Socket&, and can be called on the I/O thread only.
template <class F>
inline constexpr bool kNeedsSocket = needsSocket(parametersOf<std::decay_t<F>>());

/// Reads the parameters in their order, and calls.
template <class F, class... Ps>
EventHandler bindParameters(F handler, std::tuple<std::type_identity<Ps>...>) {
  return [handler = std::move(handler)](Event& event) mutable {
    std::tuple<Parameter<Ps>...> parameters;
    ArgsReader reader(event.args);
    const auto readAll = [&](auto&... parameter) { return (parameter.read(event, reader) && ...); };
    if (!std::apply(readAll, parameters)) return false;
    std::apply(
        [&](auto&... parameter) {
          if constexpr (std::is_same_v<decltype(handler(parameter.get()...)), Then>) {
            event.isPassedOn = handler(parameter.get()...) == Then::kPassOn;
          } else {
            handler(parameter.get()...);
          }
        },
        parameters);
    return true;
  };
}

/// A handler from a callable: `[](Socket&, std::string text, double x, Ack ack)`. Parameters are
/// Socket& or SocketRef, `const Args&`, Ack, and types with a Codec, which take one argument each.
/// It may return a Then.
template <class F>
EventHandler bindHandler(F handler) {
  return bindParameters(std::move(handler), parametersOf<F>());
}

}  // namespace beastio::socketio
