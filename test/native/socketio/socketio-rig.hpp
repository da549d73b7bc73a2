// A Socket.IO server in C++ with clients on plain sockets, which speak WebSocket and see packets as
// they are on the wire.
#pragma once

#include <netinet/tcp.h>

#include <beastio/socketio.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine-rig.hpp"

namespace beastio::socketio::test {

using beastio::test::Peer;
namespace frames = beastio::protocol::test;

/// A client on a WebSocket.
class WireClient {
 public:
  explicit WireClient(std::uint16_t port, int protocol = 4)
      : peer_(Peer::connected(port, request(protocol))) {
    // What `send` was given has come to the server's socket when it returns.
    const int isOn = 1;
    ::setsockopt(peer_.descriptor(), IPPROTO_TCP, TCP_NODELAY, &isOn, sizeof isOn);
    peer_.readThrough("\r\n\r\n");
    open_ = next();
  }

  /// Of its session, as it was told.
  std::string sid() const { return open_.substr(open_.find("\"sid\":\"") + 7, 20); }
  /// Sends a packet of Socket.IO.
  void send(std::string_view packet) { peer_.send(frames::text("4" + std::string(packet))); }
  void sendBytes(std::string_view bytes) { peer_.send(frames::binary(std::string(bytes))); }
  /// The next packet of Socket.IO; attachments are told as "bytes:…", the end as "closed".
  std::string next() {
    for (;;) {
      const auto head = peer_.readExactly(2);
      if (head.size() < 2) return "closed";
      const auto opcode = static_cast<unsigned char>(head[0]) & 0xFU;
      std::size_t length = static_cast<unsigned char>(head[1]) & 0x7FU;
      if (length >= 126) {
        const auto bytes = peer_.readExactly(length == 126 ? 2 : 8);
        length = 0;
        for (const char byte : bytes) length = length << 8U | static_cast<unsigned char>(byte);
      }
      auto payload = peer_.readExactly(length);
      if (opcode == 8) return "closed";
      if (opcode == 2) return "bytes:" + payload;
      if (payload.starts_with('2')) {
        peer_.send(frames::text("3"));
      } else if (payload.starts_with('4') || payload.starts_with('0')) {
        return payload.substr(1);
      }
    }
  }
  /// Enters a namespace, and returns the id of the socket.
  std::string enter(std::string_view packet = "0") {
    send(packet);
    const auto answer = next();
    INFO(answer);
    const auto at = answer.find("\"sid\":\"");
    REQUIRE(at != std::string::npos);
    return answer.substr(at + 7, 20);
  }
  void close() { peer_.close(); }

 private:
  static std::string request(int protocol) {
    return "GET /socket.io/?EIO=" + std::to_string(protocol) + "&transport=websocket&token=a%20b" +
           " HTTP/1.1\r\nHost: x\r\nX-From: test\r\n" +
           std::string(beastio::engine::test::kUpgradeLines) + "\r\n";
  }

  Peer peer_;
  std::string open_;
};

/// What happens on other threads, in its order.
class Journal {
 public:
  void add(std::string line) {
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
    }
    changed_.notify_all();
  }
  /// Waits for the next line.
  std::string next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !lines_.empty(); })) {
      return "nothing";
    }
    auto line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return lines_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
};

/// Waits until something that clients were sent has been dropped. Returns whether that came.
inline bool awaitDropped(Server& io) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (io.engine().stats().sum().droppedMessages == 0) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

struct ServerRig {
  explicit ServerRig(ServerOptions options = {}) : io(options) {
    io.onError([this](const ErrorReport& report) {
      errors.add(report.error.message() + (report.event.empty() ? "" : ": ") +
                 std::string(report.event));
    });
    // Tells a client that all it has sent was handled.
    io.on("done?", [](Socket& socket) { socket.emit("done"); });
  }

  std::uint16_t listen() {
    port = io.listen(0, "127.0.0.1").port;
    return port;
  }
  WireClient connect(int protocol = 4) { return WireClient(port, protocol); }

  Journal errors;
  Journal journal;
  Server io;
  std::uint16_t port = 0;
};

inline ServerOptions withThreads(unsigned threads) {
  ServerOptions options;
  options.engine.ioThreads = threads;
  return options;
}

}  // namespace beastio::socketio::test
