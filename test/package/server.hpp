// A server of a user, and a client that asks it. Built by the programs beside it as their users
// build: without exceptions, without RTTI, with warnings that we do not set.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <beastio/engine.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

/// Serves Engine.IO on a free port of 127.0.0.1.
class Server final : private beastio::EngineHandler {
 public:
  Server() {
    std::error_code error;
    const auto bound = engine_.listen({.host = "127.0.0.1"}, error);
    port_ = bound ? bound->port : std::uint16_t{0};
  }

  /// 0: it could not listen.
  std::uint16_t port() const { return port_; }

 private:
  void onOpen(const beastio::OpenedSession&) override {}
  void onMessage(beastio::SessionId, const beastio::Message&) override {}
  void onClose(beastio::SessionId, beastio::CloseReason, std::string_view) override {}

  std::uint16_t port_ = 0;
  // The last member: its threads end before what they use is gone.
  beastio::Engine engine_{{}, [this](unsigned) -> beastio::EngineHandler& { return *this; }};
};

inline constexpr std::string_view kHandshake = "/engine.io/?EIO=4&transport=polling";

/// Whether an answer is that of a handshake.
inline bool opensSession(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 200 OK\r\n") &&
         answer.find("\r\n\r\n0{\"sid\":\"") != std::string_view::npos;
}

/// Shakes hands with the server on a port. Returns its answer; empty: there was none.
inline std::string shakeHands(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = ::htons(port);
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const auto request = "GET " + std::string(kHandshake) +
                         " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    std::array<char, 1024> buffer{};
    auto count = ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
    while (count > 0) {
      count = ::recv(socket, buffer.data(), buffer.size(), 0);
      if (count > 0) answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  ::close(socket);
  return answer;
}
