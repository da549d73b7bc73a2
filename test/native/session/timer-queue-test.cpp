// TimerQueue: order, re-arming, and clients that come and go while it runs.
#include "session/timer-queue.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>

using namespace beastio::session;
using namespace std::chrono_literals;

namespace {

using TimePoint = TimerQueue::TimePoint;

/// Calls a function, and counts.
struct Client final : TimerClient {
  explicit Client(TimerQueue& queue, std::function<void(TimePoint)> task = {})
      : TimerClient(queue), action(std::move(task)) {}

  void onTimer(TimePoint now) override {
    ++calls;
    if (action) action(now);
  }

  std::function<void(TimePoint)> action;
  int calls = 0;
};

constexpr TimePoint at(std::chrono::milliseconds time) { return TimePoint(time); }

}  // namespace

TEST_CASE("TimerQueue calls in the order of time, and only who is due", "[timer]") {
  TimerQueue queue;
  CHECK(queue.next() == std::nullopt);
  std::string order;
  Client a(queue, [&](TimePoint) { order += 'a'; });
  Client b(queue, [&](TimePoint) { order += 'b'; });
  Client c(queue, [&](TimePoint) { order += 'c'; });
  a.armTimer(at(30ms));
  b.armTimer(at(10ms));
  c.armTimer(at(20ms));
  CHECK(queue.next() == at(10ms));
  queue.run(at(9ms));
  CHECK(order.empty());
  queue.run(at(20ms));
  CHECK(order == "bc");
  CHECK(queue.next() == at(30ms));
  queue.run(at(1h));
  CHECK(order == "bca");
  CHECK(queue.next() == std::nullopt);
}

TEST_CASE("TimerClient moves its one deadline forward only", "[timer]") {
  TimerQueue queue;
  Client client(queue);
  client.armTimer(at(20ms));
  client.armTimer(at(30ms));
  CHECK(queue.next() == at(20ms));
  client.armTimer(at(10ms));
  CHECK(queue.next() == at(10ms));
  queue.run(at(1h));
  CHECK(client.calls == 1);
}

TEST_CASE("TimerQueue lets clients of the same time be told apart", "[timer]") {
  TimerQueue queue;
  Client a(queue);
  auto b = std::make_unique<Client>(queue);
  a.armTimer(at(10ms));
  b->armTimer(at(10ms));
  b.reset();
  queue.run(at(10ms));
  CHECK(a.calls == 1);
  CHECK(queue.next() == std::nullopt);
}

TEST_CASE("TimerQueue bears clients that arm, appear and die while it runs", "[timer]") {
  TimerQueue queue;
  auto victim = std::make_unique<Client>(queue);
  std::unique_ptr<Client> late;
  Client client(queue);
  client.action = [&](TimePoint now) {
    if (client.calls > 1) return;
    client.armTimer(now + 5ms);
    victim.reset();
    late = std::make_unique<Client>(queue);
    late->armTimer(now);
  };
  client.armTimer(at(10ms));
  victim->armTimer(at(11ms));
  queue.run(at(20ms));
  CHECK(client.calls == 1);
  CHECK(late->calls == 1);
  CHECK(queue.next() == at(25ms));
  queue.run(at(25ms));
  CHECK(client.calls == 2);
}

TEST_CASE("A run ends although a client wants to be called at once, again and again", "[timer]") {
  TimerQueue queue;
  struct Eager final : TimerClient {
    using TimerClient::TimerClient;
    void onTimer(TimerQueue::TimePoint now) override {
      ++calls;
      armTimer(now);
    }
    int calls = 0;
  };
  Eager client(queue);
  const TimerQueue::TimePoint now{std::chrono::hours(1)};
  client.armTimer(now);
  queue.run(now);
  CHECK(client.calls == 1);
  CHECK(queue.next() == now + std::chrono::milliseconds(1));
  queue.run(now + std::chrono::milliseconds(1));
  CHECK(client.calls == 2);
}
