// A WebSocketConnection between a fake stream and a real session.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/settings.hpp"
#include "session/session-rig.hpp"
#include "transport/channel/websocket-connection.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/fake-stream.hpp"

namespace beastio::transport::test {

inline constexpr std::string_view kAnswer = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

struct WebSocketRig final : ConnectionHost {
  explicit WebSocketRig(EngineOptions options = {}) {
    host.values = *engine::settingsOf(options);
    environment.settings = engine::settingsOf(options);
    stream = std::make_shared<FakeStream>();
    connection = std::make_shared<WebSocketConnection>(environment, *this, stream);
  }

  /// Answers the handshake and opens the session; what follows is all that `written` shows.
  void open(std::string_view head = {}) {
    connection->sendHandshake(kAnswer);
    session.openOver(*connection, environment.now());
    start(&session, head);
    endBatch();
    if (!head.empty()) return;
    REQUIRE(stream->written.starts_with(std::string(kAnswer) + "\x81"));
    stream->written.clear();
    host.log.clear();
  }
  void start(session::Session* carried, std::string_view head) {
    std::vector<std::uint8_t> bytes(head.begin(), head.end());
    connection->start(carried, bytes);
  }
  void endBatch() {
    environment.flushAll();
    environment.emptyGraveyard();
  }
  void receive(std::string_view bytes) {
    stream->receive(bytes);
    endBatch();
  }
  void send(std::string_view text) {
    const session::Outgoing part{.data = text};
    session.send({&part, 1}, {}, 1);
  }
  void sendToMany(std::string_view text, bool isLast) {
    const session::Outgoing part{.data = text, .toMany = true, .isLast = isLast};
    session.send({&part, 1}, {}, 1);
  }
  /// Calls the timers as if that time had passed.
  void pass(std::chrono::milliseconds time) {
    environment.timers.run(environment.now() + time);
    endBatch();
  }

  void onGone(Connection& which) override {
    REQUIRE(&which == connection.get());
    gone = true;
    environment.bury(std::exchange(connection, nullptr));
  }

  Environment environment;
  session::test::FakeHost host;
  session::Session session{host, SessionId{.place = 1, .generation = 1}, "sid", session::Dialect{}};
  std::shared_ptr<FakeStream> stream;
  std::shared_ptr<WebSocketConnection> connection;
  bool gone = false;
};

}  // namespace beastio::transport::test
