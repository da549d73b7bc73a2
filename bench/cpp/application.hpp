// What handlers in C++ do in the bench, in a server of C++ and beside JavaScript. Order: behind
// beastio/socketio.hpp or beastio/native.hpp.
#pragma once

#include <string>
#include <variant>

namespace beastio::bench {

/// What clients of the scenarios send: a string is read into one, an object stays JSON.
using Value = std::variant<std::string, socketio::Binary, socketio::RawJson>;

}  // namespace beastio::bench

template <>
struct beastio::socketio::Codec<beastio::bench::Value> {
  static void write(const beastio::bench::Value& value, Writer& writer) {
    std::visit([&writer](const auto& held) { writeAs(held, writer); }, value);
  }
  static bool read(const Argument& argument, beastio::bench::Value& value) {
    if (argument.json.starts_with('"')) return readString(argument.json, std::get<0>(value));
    if (const auto binary = argument.binary()) {
      value = *binary;
    } else {
      value = RawJson::trusted(argument.json);
    }
    return true;
  }

 private:
  template <class T>
  static void writeAs(const T& held, Writer& writer) {
    Codec<T>::write(held, writer);
  }
};

namespace beastio::bench {

/// Each argument is read as a value of C++.
inline void serveTyped(socketio::Namespace& nsp) {
  nsp.on("echo", [](socketio::Socket& socket, const Value& value) { socket.emit("echo", value); });
  nsp.on("ack", [](const Value& value, const socketio::Ack& ack) { ack(value); });
}

}  // namespace beastio::bench
