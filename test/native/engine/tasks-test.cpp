// What a program runs on the I/O threads: tasks and timers, and the batches that a thread submits
// for itself. Also which thread the caller is on, and an engine that its own handler stops.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "beastio/engine.hpp"
#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

namespace {

/// Marks from any thread, in the order in which they came.
class Log {
 public:
  void add(std::string mark) {
    const std::lock_guard lock(mutex_);
    marks_ += mark + " ";
  }
  std::string marks() const {
    const std::lock_guard lock(mutex_);
    return marks_;
  }

 private:
  mutable std::mutex mutex_;
  std::string marks_;
};

/// Runs `task` on an I/O thread, after everything that was posted before. Returns whether it has.
bool run(Engine& engine, unsigned thread, const std::function<void()>& task) {
  std::promise<void> done;
  engine.post(thread, [&] {
    task();
    done.set_value();
  });
  return done.get_future().wait_for(RecordingHandler::kPatience) == std::future_status::ready;
}

bool settled(Engine& engine, unsigned thread = 0) {
  return run(engine, thread, [] {});
}

/// Calls functions of a test, which are set on the I/O thread.
class HookedHandler final : public RecordingHandler {
 public:
  void onMessage(SessionId id, const Message& message) override {
    if (messaged) messaged(id, message.data);
    RecordingHandler::onMessage(id, message);
  }
  bool onBatchEnd() override {
    if (batchEnded) batchEnded();
    return RecordingHandler::onBatchEnd();
  }
  std::optional<std::chrono::steady_clock::time_point> wakeAt() override {
    ++waits;
    return std::nullopt;
  }

  std::function<void(SessionId, std::string_view)> messaged{};
  std::function<void()> batchEnded{};
  int waits = 0;  // of the I/O thread
};

/// An engine on its own port whose handler has hooks, and one WebSocket client.
struct HookedRig {
  explicit HookedRig(EngineOptions options = {})
      : engine(std::make_unique<Engine>(options,
                                        [this](unsigned) -> EngineHandler& { return handler; })) {}

  Peer connect() {
    std::error_code error;
    if (port == 0) port = engine->listen({.host = "127.0.0.1"}, error).value().port;
    auto peer = Peer::connected(port, httpRequest("GET", "transport=websocket", kUpgradeLines));
    peer.readThrough("}");
    return peer;
  }
  void submit(SessionId id, std::string_view text) const {
    Batch batch(engine->ioThreads());
    batch.send(id, batch.addText(text));
    engine->submit(batch);
  }

  HookedHandler handler;
  std::unique_ptr<Engine> engine;
  std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("A task runs on its thread, in the order posted", "[engine][tasks]") {
  EngineRig rig(withThreads(3));
  Log log;
  CHECK(rig.engine->currentThread() == std::nullopt);
  CHECK_FALSE(rig.engine->isOnThread(0));
  for (unsigned thread = 0; thread < 3; ++thread) {
    rig.engine->post(thread, [&, thread] {
      log.add("on " + std::to_string(*rig.engine->currentThread()));
      CHECK(rig.engine->isOnThread(thread));
      CHECK_FALSE(rig.engine->isOnThread(thread + 1));
      rig.engine->post(thread, [&] { log.add("later"); });
      log.add("first");
    });
    CHECK(settled(*rig.engine, thread));
    CHECK(settled(*rig.engine, thread));
  }
  CHECK(log.marks() == "on 0 first later on 1 first later on 2 first later ");
}

TEST_CASE("A task for a thread that is not there is refused", "[engine][tasks]") {
  EngineRig rig;
  CHECK_THROWS_AS(rig.engine->post(1, [] {}), std::out_of_range);
  CHECK_THROWS_AS(rig.engine->after(1, 1ms, [] {}), std::out_of_range);
  CHECK_THROWS_AS(rig.engine->every(1, 1ms, [] {}), std::out_of_range);
  rig.engine->cancel(~TimerId{0});
  rig.engine->cancel(0);
  rig.engine->post(0, {});
  CHECK(rig.engine->after(0, 1ms, {}) == 0);
  CHECK(settled(*rig.engine));
}

TEST_CASE("A stopped engine runs no task, and destroys what it owns", "[engine][tasks]") {
  EngineRig rig;
  rig.engine->stop();
  const auto owned = std::make_shared<int>(1);
  bool hasRun = false;
  rig.engine->post(0, [&hasRun, owned] { hasRun = true; });
  CHECK(rig.engine->after(0, 1ms, [&hasRun, owned] { hasRun = true; }) == 0);
  CHECK(owned.use_count() == 1);
  rig.engine.reset();
  CHECK_FALSE(hasRun);
}

TEST_CASE("Another engine's thread is none of this one's", "[engine][tasks]") {
  EngineRig rig;
  EngineRig other;
  std::optional<unsigned> thread = 7;
  rig.engine->post(0, [&] { thread = other.engine->currentThread(); });
  CHECK(settled(*rig.engine));
  CHECK(thread == std::nullopt);
}

TEST_CASE("Tasks and batches of one caller keep their order", "[engine][tasks]") {
  HookedRig rig;
  auto peer = rig.connect();
  const auto id = rig.handler.awaitOpened(0).id;
  SECTION("from another thread") {
    rig.engine->post(0, [&] { rig.submit(id, "a"); });
    rig.submit(id, "b");
    CHECK(peer.readExactly(8) == serverText("4a") + serverText("4b"));
  }
  SECTION("from the thread itself") {
    run(*rig.engine, 0, [&] {
      rig.handler.messaged = [&](SessionId, std::string_view) {
        rig.engine->post(0, [&] { rig.submit(id, "a"); });
        rig.submit(id, "b");
        rig.engine->post(0, [&] { rig.submit(id, "c"); });
        rig.submit(id, "d");
      };
    });
    peer.send(frames::text("4go"));
    // The task submits while the batch behind it waits.
    const auto received = peer.readExactly(16);
    CHECK(received.find("4b") < received.find("4d"));
    CHECK(received.find("4a") < received.find("4c"));
    CHECK(received.size() == 16);
  }
}

TEST_CASE("A batch is behind what was posted before, whoever submits it", "[engine][tasks]") {
  HookedRig rig;
  auto peer = rig.connect();
  const auto id = rig.handler.awaitOpened(0).id;
  run(*rig.engine, 0, [&] {
    rig.handler.messaged = [&](SessionId, std::string_view) {
      // Another thread submits, and is done, before this one does.
      std::thread([&] { rig.submit(id, "first"); }).join();
      rig.submit(id, "second");
      rig.submit(id, "third");
    };
  });
  for (int i = 0; i < 50; ++i) {
    peer.send(frames::text("4go"));
    const auto expected = serverText("4first") + serverText("4second") + serverText("4third");
    REQUIRE(peer.readExactly(expected.size()) == expected);
  }
}

TEST_CASE("A thread's own batch goes out within its turn", "[engine][tasks]") {
  int waits = 0;
  int batches = -1;
  std::promise<std::string> sent;
  HookedRig rig;
  auto peer = rig.connect();
  run(*rig.engine, 0, [&] {
    rig.handler.messaged = [&](SessionId id, std::string_view) {
      waits = rig.handler.waits;
      batches = 0;
      rig.submit(id, "answer");
    };
    rig.handler.batchEnded = [&] {
      if (batches < 0 || ++batches != 2) return;
      sent.set_value(rig.handler.waits == waits ? peer.available() : "after another wait");
    };
  });
  peer.send(frames::text("4go"));
  CHECK(sent.get_future().get() == serverText("4answer"));
}

TEST_CASE("Who submits at the end of every turn leaves time for the sockets", "[engine][tasks]") {
  HookedRig rig;
  auto peer = rig.connect();
  auto other = rig.connect();
  const auto id = rig.handler.awaitOpened(0).id;
  run(*rig.engine, 0, [&] {
    rig.handler.batchEnded = [&rig, id] {
      Batch batch(1);
      batch.join(id, 1);
      rig.engine->submit(batch);
    };
  });
  other.send(frames::text("4heard"));
  CHECK(rig.handler.awaitLine("text heard"));
}

TEST_CASE("Timers of the engine run on their thread", "[engine][tasks]") {
  EngineRig rig(withThreads(2));
  std::promise<std::optional<unsigned>> ran;
  const auto start = std::chrono::steady_clock::now();
  rig.engine->after(1, 20ms, [&] { ran.set_value(rig.engine->currentThread()); });
  auto future = ran.get_future();
  REQUIRE(future.wait_for(RecordingHandler::kPatience) == std::future_status::ready);
  CHECK(future.get() == 1U);
  CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}

TEST_CASE("A repeated timer of the engine runs until it is cancelled", "[engine][tasks]") {
  EngineRig rig;
  std::promise<void> done;
  int runs = 0;
  TimerId timer = 0;
  rig.engine->post(0, [&] {
    timer = rig.engine->every(0, 1ms, [&] {
      if (++runs < 3) return;
      rig.engine->cancel(timer);
      rig.engine->after(0, 20ms, [&] { done.set_value(); });
    });
  });
  CHECK(done.get_future().wait_for(RecordingHandler::kPatience) == std::future_status::ready);
  CHECK(runs == 3);
}

TEST_CASE("A timer is cancelled from its own thread before it has come there", "[engine][tasks]") {
  EngineRig rig;
  for (int i = 0; i < 100; ++i) {
    std::atomic<TimerId> timer = 0;
    std::atomic<bool> isCancelled = false;
    std::atomic<bool> hasRunLate = false;
    rig.engine->post(0, [&] {
      while (timer == 0) std::this_thread::yield();
      rig.engine->cancel(timer);
      isCancelled = true;
    });
    timer = rig.engine->after(0, 0ms, [&] { hasRunLate = isCancelled.load(); });
    REQUIRE(settled(*rig.engine));
    std::promise<void> later;
    rig.engine->after(0, 2ms, [&] { later.set_value(); });
    later.get_future().wait();
    REQUIRE_FALSE(hasRunLate);
    REQUIRE(isCancelled);
  }
}

TEST_CASE("Delays of any size are taken", "[engine][tasks]") {
  EngineRig rig;
  std::promise<void> ran;
  std::atomic<bool> isEarly = false;
  rig.engine->after(0, std::chrono::milliseconds::max(), [&] { isEarly = true; });
  rig.engine->every(0, std::chrono::milliseconds::max(), [&] { isEarly = true; });
  rig.engine->after(0, std::chrono::milliseconds::min(), [&] { ran.set_value(); });
  CHECK(ran.get_future().wait_for(RecordingHandler::kPatience) == std::future_status::ready);
  CHECK_FALSE(isEarly);
}
