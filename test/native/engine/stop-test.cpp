// An engine that is stopped, or asked to wait, on one of its own I/O threads.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include "beastio/engine.hpp"
#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

namespace {

/// Stops its engine when it is told so.
class StoppingHandler final : public RecordingHandler {
 public:
  void onMessage(SessionId id, const Message& message) override {
    RecordingHandler::onMessage(id, message);
    if (message.data == "stop") engine->stop();
  }
  bool canDrive() const override { return true; }

  Engine* engine = nullptr;
};

EngineOptions drivenBy(IoDriver driver) {
  EngineOptions options;
  options.ioThreads = 2;
  options.ioDriver = driver;
  return options;
}

bool isReady(const std::future<void>& future) {
  return future.wait_for(RecordingHandler::kPatience) == std::future_status::ready;
}

}  // namespace

TEST_CASE("A handler may stop its engine, which ends after that", "[engine][stop]") {
  StoppingHandler handler;
  auto engine =
      std::make_unique<Engine>(withThreads(2), [&](unsigned) -> EngineHandler& { return handler; });
  handler.engine = engine.get();
  std::error_code error;
  const auto port = engine->listen({.host = "127.0.0.1"}, error).value().port;
  auto peer = Peer::connected(port, httpRequest("GET", "transport=websocket", kUpgradeLines));
  peer.readThrough("}");
  peer.send(frames::text("4stop"));
  CHECK(handler.awaitLine("text stop"));
  engine->stop();
  CHECK_FALSE(engine->listen({}, error));
  CHECK(error == std::errc::operation_canceled);
  const auto lines = handler.lines().size();
  engine.reset();
  CHECK(handler.lines().size() == lines);
}

TEST_CASE("A task and a timer may stop their engine", "[engine][stop]") {
  const bool isTimer = GENERATE(false, true);
  EngineRig rig(withThreads(2));
  std::promise<void> asked;
  const auto stop = [&] {
    rig.engine->stop();
    rig.engine->stop();
    asked.set_value();
  };
  if (isTimer) {
    rig.engine->after(1, 1ms, stop);
  } else {
    rig.engine->post(1, stop);
  }
  CHECK(isReady(asked.get_future()));
  rig.engine.reset();
}

TEST_CASE("An engine is stopped in a turn of the host, and in the host's place", "[engine][stop]") {
  const auto host = std::this_thread::get_id();
  const auto deadline = std::chrono::steady_clock::now() + RecordingHandler::kPatience;
  const auto isInTime = [&] { return std::chrono::steady_clock::now() < deadline; };
  std::atomic<bool> isStopped = false;
  std::optional<unsigned> thread;
  std::promise<std::thread::id> ran;
  std::function<void()> stopAsHost;
  StoppingHandler handler;
  Engine engine(drivenBy(IoDriver::kHost), [&](unsigned) -> EngineHandler& { return handler; });
  SECTION("by a task that the host runs") {
    stopAsHost = [&] {
      if (std::this_thread::get_id() != host) return engine.post(0, stopAsHost);
      thread = engine.currentThread();
      engine.stop();
      isStopped = true;
    };
    engine.post(0, stopAsHost);
    while (!isStopped && isInTime()) engine.drive(0);
    CHECK(thread == 0U);
    CHECK(engine.currentThread() == std::nullopt);
  }
  SECTION("by a timer whose time comes while the host sleeps") {
    engine.after(0, 50ms, [&] {
      Batch batch(2);
      batch.join({}, 1);
      engine.submit(batch);
      engine.stop();
      ran.set_value(std::this_thread::get_id());
    });
    while (!engine.drive(0) && isInTime()) std::this_thread::yield();
    auto future = ran.get_future();
    REQUIRE(future.wait_for(RecordingHandler::kPatience) == std::future_status::ready);
    CHECK(future.get() != host);
  }
  engine.stop();
}

TEST_CASE("Two threads may stop an engine at once", "[engine][stop]") {
  for (int i = 0; i < 20; ++i) {
    EngineRig rig(withThreads(2));
    std::thread other([&] { rig.engine->stop(); });
    rig.engine->stop();
    other.join();
  }
}

TEST_CASE("On an I/O thread nothing waits for an I/O thread", "[engine][stop]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  std::promise<void> done;
  rig.engine->post(1, [&] {
    std::error_code error;
    CHECK_FALSE(rig.engine->listen({.host = "127.0.0.1"}, error));
    CHECK(error == std::errc::resource_deadlock_would_occur);
    CHECK_FALSE(rig.engine->settle(1s));
    CHECK_FALSE(rig.engine->askTls(1, 1, [](TlsSession&) {}));
    rig.engine->closePort();
    done.set_value();
  });
  CHECK(isReady(done.get_future()));
  CHECK(rig.engine->settle(10s));
  CHECK_THROWS(rig.connect());
}
