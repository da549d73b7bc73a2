// The way of one client's packets: a WebSocket, the requests of HTTP long-polling, or first these
// and then a WebSocket.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "transports/socket.hpp"

namespace load {

using Clock = std::chrono::steady_clock;

/// Takes the Engine.IO packets of one client as they arrive, whole.
class PacketSink {
 public:
  virtual void onText(std::string_view packet, Clock::time_point now) = 0;
  virtual void onBinary(std::string_view bytes, Clock::time_point now) = 0;

 protected:
  ~PacketSink() = default;
};

class Transport {
 public:
  /// Errors: a LoadError, from every member, when a connection is refused, is lost, or answers with
  /// anything but what this client asked for.
  virtual ~Transport() = default;

  /// One for a WebSocket; one for the answers and one for what is sent with long-polling. receive()
  /// may make it grow.
  virtual std::size_t socketCount() const = 0;
  virtual Socket& socket(std::size_t which) = 0;
  /// Whether packets go the way that they will go from now on.
  virtual bool settled() const { return true; }

  /// Queues one packet. Order: it leaves with the next flush().
  virtual void sendText(std::string_view packet) = 0;
  virtual void sendBinary(std::string_view bytes) = 0;
  virtual void flush() = 0;

  /// Reads what one socket has, in pieces of at most the size of `buffer`, and handles what is
  /// complete.
  virtual void receive(std::size_t which, std::span<char> buffer, PacketSink& sink) = 0;
};

}  // namespace load
