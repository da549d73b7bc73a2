// One Socket.IO client over WebSocket: from the TCP connection to being in the namespace `/`, and
// then packets both ways. Many packets leave in one write; reads go through the caller's buffer.
// Bound: the workload's messages in flight.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace load {

using Clock = std::chrono::steady_clock;

/// Takes the Socket.IO packets of all connections, `42["event",…]`, as they arrive.
class PacketSink {
 public:
  virtual void onPacket(std::size_t connection, std::string_view packet, Clock::time_point now) = 0;

 protected:
  ~PacketSink() = default;
};

class Connection {
 public:
  /// Connects to 127.0.0.1 and queues the upgrade request.
  /// Errors: a LoadError, from here and from every other member, when the connection is refused,
  /// is lost, or answers with anything but what this client asked for.
  Connection(std::size_t index, std::uint16_t port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int descriptor() const { return descriptor_; }
  /// Whether the server has let this client into the namespace.
  bool ready() const { return stage_ == Stage::kReady; }
  /// Whether bytes wait for the socket to become writable.
  bool hasUnsent() const { return !outgoing_.empty(); }

  /// Queues one packet as a text frame. Order: it leaves with the next flush().
  void queue(std::string_view packet);
  void flush();

  /// Reads once, at most the size of `buffer`, and handles what is complete.
  void receive(std::span<char> buffer, PacketSink& sink);

 private:
  enum class Stage { kUpgrading, kOpening, kJoining, kReady };

  /// Handles every complete response, frame and packet. Returns the incomplete rest.
  std::string_view consume(std::string_view bytes, PacketSink& sink, Clock::time_point now);
  void onUpgradeResponse(std::string_view head) const;
  void onText(std::string_view packet, PacketSink& sink, Clock::time_point now);
  [[noreturn]] void fail(const std::string& what) const;
  std::uint32_t nextMask();

  const std::size_t index_;
  int descriptor_ = -1;
  Stage stage_ = Stage::kUpgrading;
  std::uint32_t maskState_;
  std::string incoming_;  // the head of a frame whose rest has not arrived
  std::string outgoing_;
};

}  // namespace load
