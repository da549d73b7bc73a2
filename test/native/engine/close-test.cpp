// Engine::close: what clients still get, who is waited for, and for how long.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "beastio/web.hpp"
#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
using namespace std::chrono_literals;
namespace frames = beastio::protocol::test;

namespace {

/// Long enough for any machine that is not broken.
constexpr auto kPatience = 60s;

std::future<bool> closeLater(Engine& engine, std::chrono::milliseconds drain) {
  return std::async(std::launch::async, [&engine, drain] { return engine.close(drain); });
}

}  // namespace

TEST_CASE("An engine without clients closes at once, as often as one likes", "[engine][close]") {
  EngineRig rig(withThreads(2));
  CHECK(rig.engine->close(kPatience));
  rig.listen();
  CHECK(rig.engine->close(kPatience));
  rig.engine->close(0ms);  // a thread of a busy machine may not answer in no time
  CHECK_THROWS(rig.connect());
  rig.listen();
  auto peer = rig.connect();
  CHECK(rig.openPolling(peer).size() == 20);
  rig.engine->stop();
  CHECK(rig.engine->close(kPatience));
}

TEST_CASE("Clients get what was sent to them before the end", "[engine][close]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  auto webSocket = rig.connect();
  rig.openWebSocket(webSocket);
  const auto id = rig.handler.awaitOpened(0).id;
  const std::string large(3'000'000, 'l');
  rig.send(id, large);
  rig.send(id, "last");
  auto closed = closeLater(*rig.engine, kPatience);
  const auto expected = serverText("4" + large) + serverText("4last") + serverClose();
  const auto received = webSocket.readExactly(expected.size());
  CHECK((received == expected));
  webSocket.send(frames::close({}));
  CHECK(webSocket.readAll().empty());
  CHECK(webSocket.ended());
  webSocket.close();
  CHECK(closed.get());
  CHECK(rig.handler.awaitLine("close forced close"));
}

TEST_CASE("Polling clients fetch what waits for them, and hear of the end", "[engine][close]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  auto waiting = rig.connect();
  waiting.send(pollOf(rig.openPolling(waiting)));
  auto peer = rig.connect();
  const auto sid = rig.openPolling(peer);
  rig.send(rig.handler.awaitOpened(1).id, "unread");
  auto closed = closeLater(*rig.engine, kPatience);
  CHECK(bodyOf(waiting.readResponse()) == "1");
  waiting.close();
  CHECK(rig.handler.awaitLine("close forced close"));
  peer.send(pollOf(sid));
  const auto answer = peer.readResponse();
  CHECK(bodyOf(answer) == "4unread");
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  peer.close();
  CHECK(closed.get());
  CHECK(rig.handler.awaitCount("close forced close", 2));
}

TEST_CASE("Who does not leave is cut off when the time is over", "[engine][close]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  auto webSocket = rig.connect();
  rig.openWebSocket(webSocket);  // it does not answer the close frame
  auto polling = rig.connect();
  rig.openPolling(polling);
  rig.send(rig.handler.awaitOpened(1).id, "unread");
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(rig.engine->close(100ms));
  CHECK(std::chrono::steady_clock::now() - start >= 100ms);
  webSocket.readAll();
  CHECK(webSocket.ended());
  polling.readAll();
  CHECK(polling.ended());
  CHECK(rig.handler.awaitCount("close forced close", 2));
  CHECK(rig.engine->close(kPatience));
  CHECK(rig.engine->connections() == 0);
}

TEST_CASE("A request that is being answered is waited for", "[engine][close]") {
  struct Later final : WebHandler {
    std::promise<WebRequestId> asked;
    Answering onWebRequest(const WebRequest& request, WebAnswer&) override {
      asked.set_value(request.id);
      return Answering::kLater;
    }
  };
  const auto handler = std::make_shared<Later>();
  EngineRig rig;
  rig.engine->setWebHandlers({handler});
  rig.listen();
  auto idle = rig.connect();
  auto peer = rig.connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto id = handler->asked.get_future().get();
  auto closed = closeLater(*rig.engine, kPatience);
  idle.readAll();
  CHECK(idle.ended());
  rig.engine->respond(id, {.status = 202});
  CHECK(peer.readResponse().find("Connection: close\r\n") != std::string::npos);
  peer.close();
  CHECK(closed.get());
}

TEST_CASE("A thread that is busy is not waited for any longer", "[engine][close]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  std::atomic<bool> isOver = false;
  rig.engine->post(1, [&] {
    while (!isOver) std::this_thread::yield();
  });
  CHECK_FALSE(rig.engine->close(50ms));
  isOver = true;
  CHECK(rig.engine->close(kPatience));
}

TEST_CASE("On an I/O thread an engine does not close", "[engine][close]") {
  EngineRig rig;
  rig.listen();
  std::promise<bool> closed;
  rig.engine->post(0, [&] { closed.set_value(rig.engine->close(kPatience)); });
  CHECK_FALSE(closed.get_future().get());
  auto peer = rig.connect();
  CHECK(rig.openPolling(peer).size() == 20);
}

TEST_CASE("Clients that come while an engine closes are closed too", "[engine][close]") {
  EngineRig rig(withThreads(2));
  rig.listen();
  std::atomic<bool> isOver = false;
  std::thread clients([&] {
    while (!isOver) {
      try {
        auto peer = rig.connect(httpRequest("GET", "transport=websocket", kUpgradeLines));
        peer.readThrough("}");
      } catch (const std::runtime_error&) {
        std::this_thread::yield();  // the port is closed
      }
    }
  });
  while (rig.handler.awaitOpened(20).id == SessionId{}) {
  }
  CHECK(rig.engine->close(kPatience));
  CHECK(rig.handler.awaitAllClosed());
  isOver = true;
  clients.join();
}
