// Who drives an I/O loop, for tests: a clock of their own, and a host that echoes what clients say.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/driving.hpp"
#include "engine/engine-rig.hpp"

namespace beastio::engine::test {

using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

inline constexpr Driving::TimePoint kStart{1h};

/// Offers the loop to an idle host until it takes it, or so many times.
inline bool offerUntilTaken(Driving& driving, Driving::TimePoint& now, unsigned times = 1000,
                            std::chrono::microseconds pace = 500us) {
  for (unsigned i = 0; i < times; ++i) {
    if (driving.offer(true, now += pace)) return true;
  }
  return false;
}

/// A look of the I/O thread. `hostTime`: see Driving::look.
inline void look(Driving& driving, Driving::TimePoint& now, bool isWaiting,
                 std::chrono::nanoseconds hostTime = 0ns) {
  const auto lock = driving.watch();
  driving.look(isWaiting, hostTime, now += Driving::kLook);
}

inline void takeTurn(Driving& driving) {
  const Driving::Turn turn(driving);
  REQUIRE(turn);
  driving.onTurn();
}

/// What a test does at some point, on the thread that comes there.
struct Hooks {
  std::function<void(Engine& engine, unsigned number)> onHeard{};  // of messages
  std::function<void(Engine& engine, unsigned number)> onTurn{};   // of turns of the host
};

/// A host that echoes what clients say, on one thread, which also drives when it may.
class EchoHost final : public RecordingHandler {
 public:
  explicit EchoHost(IoDriver driver, Hooks hooks = {})
      : hooks_(std::move(hooks)),
        engine_(optionsFor(driver), [this](unsigned) -> EngineHandler& { return *this; }) {
    std::error_code error;
    const auto bound = engine_.listen({.host = "127.0.0.1"}, error);
    if (!bound) throw std::system_error(error);
    port_ = bound->port;
    thread_ = std::thread([this] { run(); });
  }
  ~EchoHost() override {
    isOver_ = true;
    wake();
    thread_.join();
    engine_.stop();
    ::close(woken_);
  }
  EchoHost(const EchoHost&) = delete;
  EchoHost& operator=(const EchoHost&) = delete;

  bool canDrive() const override { return true; }
  bool wasIdle() override { return true; }
  std::optional<std::chrono::steady_clock::time_point> wakeAt() override {
    if (!isBlocked) return std::nullopt;
    ++looksAsked;
    return std::chrono::steady_clock::now() + 1ms;
  }
  void onDriveWanted() override { wake(); }
  void onMessage(SessionId id, const Message& message) override {
    const auto number = ++heard;
    {
      const std::lock_guard lock(messages_);
      unanswered_.emplace_back(id, std::string(message.data));
    }
    if (hooks_.onHeard) hooks_.onHeard(engine_, number);
    wake();
  }

  Engine& engine() { return engine_; }
  Peer connect() {
    auto peer = Peer::connected(port_, httpRequest("GET", "transport=websocket", kUpgradeLines));
    peer.readThrough("}");
    return peer;
  }

  std::atomic<unsigned> heard = 0;
  std::atomic<unsigned> hostTurns = 0;
  std::atomic<unsigned> looksAsked = 0;  // while the host was blocked
  std::atomic<bool> isBlocked = false;
  std::atomic<bool> claims = false;  // the loop, for what it answers

 private:
  static EngineOptions optionsFor(IoDriver driver) {
    EngineOptions options;
    options.ioDriver = driver;
    return options;
  }

  void wake() const { ::eventfd_write(woken_, 1); }

  void run() {
    bool drives = false;
    while (!isOver_) {
      pollfd waits[] = {{woken_, POLLIN, 0}, {engine_.driveDescriptor(0), POLLIN, 0}};
      ::poll(waits, drives ? 2 : 1, -1);
      eventfd_t count = 0;
      if ((waits[0].revents & POLLIN) != 0) ::eventfd_read(woken_, &count);
      while (isBlocked && !isOver_) std::this_thread::yield();
      drives = engine_.drive(0);
      if (drives) {
        const auto number = ++hostTurns;
        if (hooks_.onTurn) hooks_.onTurn(engine_, number);
      }
      answer();
    }
  }

  void answer() {
    std::deque<std::pair<SessionId, std::string>> heardNow;
    {
      const std::lock_guard lock(messages_);
      heardNow = std::exchange(unanswered_, {});
    }
    Batch batch(1);
    for (const auto& [id, text] : heardNow) batch.send(id, batch.addText(text));
    if (batch.empty()) return;
    claims ? engine_.submitDriving(batch) : engine_.submit(batch);
  }

  const Hooks hooks_;
  int woken_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::mutex messages_;
  std::deque<std::pair<SessionId, std::string>> unanswered_;
  std::atomic<bool> isOver_ = false;
  std::uint16_t port_ = 0;
  Engine engine_;
  std::thread thread_;
};

/// Has a client say so many things, a few at a time. Returns whether all came back in order.
inline bool converse(Peer& peer, int messages, const std::string& name) {
  constexpr int kAtOnce = 3;
  for (int i = 0; i < messages; i += kAtOnce) {
    std::string said;
    std::string expected;
    for (int j = i; j < i + kAtOnce; ++j) {
      const auto text = "4" + name + std::to_string(j);
      said += frames::text(text);
      expected += serverText(text);
    }
    peer.send(said);
    if (peer.readExactly(expected.size()) != expected) return false;
  }
  return true;
}

}  // namespace beastio::engine::test
