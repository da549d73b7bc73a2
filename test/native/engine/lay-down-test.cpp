// What is laid down for an I/O thread that looks by itself. It leaves with the look, or when the
// thread is woken, and in order with what is posted.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;

namespace {

using Clock = std::chrono::steady_clock;

/// Its threads look after `patience`; none: they do not.
class LookingHandler final : public RecordingHandler {
 public:
  std::optional<Clock::time_point> wakeAt() override {
    ++waits;
    const std::chrono::milliseconds after = patience;
    return after.count() == 0 ? std::nullopt : std::optional(Clock::now() + after);
  }
  void onMessage(SessionId id, const Message& message) override {
    RecordingHandler::onMessage(id, message);
    if (message.data == "hold") released.get_future().wait();
  }

  std::atomic<std::chrono::milliseconds> patience{std::chrono::milliseconds(0)};
  std::atomic<unsigned> waits = 0;
  std::promise<void> released;
};

constexpr std::chrono::milliseconds kSoon{1};
constexpr std::chrono::hours kNeverInATest{1};

struct LayingRig {
  LayingRig() {
    std::error_code error;
    const auto bound = engine.listen({.host = "127.0.0.1"}, error);
    if (!bound) throw std::system_error(error);
    peer.emplace(
        Peer::connected(bound->port, httpRequest("GET", "transport=websocket", kUpgradeLines)));
    peer->readThrough("}");
    id = handler.awaitOpened(0).id;
  }

  /// The thread waits, and will look after that time.
  void look(std::chrono::milliseconds after) {
    handler.patience = after;
    const unsigned before = handler.waits;
    engine.wake();  // a thread for which nothing is laid down stays as it is
    peer->send(frames::text("4heard"));
    handler.awaitLine("text heard");
    while (handler.waits == before) std::this_thread::yield();
  }
  Batch batchOf(std::string_view text) const {
    Batch batch(1);
    batch.send(id, batch.addText(text));
    return batch;
  }
  void layDown(std::string_view text) {
    auto batch = batchOf(text);
    engine.layDown(batch);
  }
  void submit(std::string_view text) {
    auto batch = batchOf(text);
    engine.submit(batch);
  }

  LookingHandler handler;
  Engine engine{withThreads(1), [this](unsigned) -> EngineHandler& { return handler; }};
  std::optional<Peer> peer;
  SessionId id{};
};

}  // namespace

TEST_CASE("What is laid down leaves with the thread's next look", "[engine][lay-down]") {
  LayingRig rig;
  rig.look(kSoon);
  for (int i = 0; i < 3; ++i) {
    rig.layDown("by itself");
    CHECK(rig.peer->readThrough("by itself") == serverText("4by itself"));
  }
}

TEST_CASE("What is laid down for a thread that does not look leaves at once",
          "[engine][lay-down]") {
  LayingRig rig;
  rig.layDown("posted");
  CHECK(rig.peer->readThrough("posted") == serverText("4posted"));
}

TEST_CASE("What is laid down leaves when the thread is woken", "[engine][lay-down]") {
  LayingRig rig;
  rig.look(kNeverInATest);
  rig.layDown("first");
  rig.layDown("second");
  rig.engine.wake();
  CHECK(rig.peer->readThrough("second") == serverText("4first") + serverText("4second"));
}

TEST_CASE("What is laid down stands before what is posted after it", "[engine][lay-down]") {
  LayingRig rig;
  rig.look(kNeverInATest);
  rig.layDown("laid");
  rig.submit("posted");
  CHECK(rig.peer->readThrough("posted") == serverText("4laid") + serverText("4posted"));
}

TEST_CASE("What is laid down stands behind what was posted before it", "[engine][lay-down]") {
  LayingRig rig;
  rig.look(kNeverInATest);
  rig.peer->send(frames::text("4hold"));
  rig.handler.awaitLine("text hold");
  // The thread has been called from its wait, and has not asked yet what was laid down.
  rig.submit("posted");
  rig.layDown("laid");
  rig.handler.released.set_value();
  CHECK(rig.peer->readThrough("laid") == serverText("4posted") + serverText("4laid"));
}
