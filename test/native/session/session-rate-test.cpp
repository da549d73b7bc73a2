// Session: a client that may send only so fast.
#include <algorithm>
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

namespace {

EngineOptions limitedTo(std::size_t messages, std::size_t bytes,
                        RatePolicy policy = RatePolicy::kPause) {
  EngineOptions options;
  options.rate = {.maxMessagesPerSecond = messages, .maxBytesPerSecond = bytes, .policy = policy};
  return options;
}

void sendMany(Rig& rig, int count) {
  for (int i = 0; i < count; ++i) rig.frame(rig.channel, "4x");
}

}  // namespace

TEST_CASE("A client may send as much at once as in a second", "[session][rate]") {
  Rig rig(limitedTo(10, 0));
  rig.openWebSocket();
  sendMany(rig, 10);
  CHECK_FALSE(rig.channel.paused);
  CHECK(rig.host.log.size() == 10);
  rig.pass(500ms);
  sendMany(rig, 5);
  CHECK_FALSE(rig.channel.paused);
  sendMany(rig, 1);
  CHECK(rig.host.log.size() == 17);  // nothing is lost
  CHECK(rig.host.log[15] == "too fast: maxMessagesPerSecond");
  CHECK(rig.channel.paused);
}

TEST_CASE("Whoever is too fast is read again when it keeps to its rate", "[session][rate]") {
  Rig rig(limitedTo(10, 0));
  rig.openWebSocket();
  sendMany(rig, 11);
  rig.pass(199ms);
  CHECK(rig.channel.paused);
  rig.pass(1ms);
  CHECK_FALSE(rig.channel.paused);
  sendMany(rig, 1);
  CHECK_FALSE(rig.channel.paused);
  sendMany(rig, 1);
  CHECK(rig.channel.paused);
}

TEST_CASE("What was read before a pause counts, and is told once", "[session][rate]") {
  Rig rig(limitedTo(10, 0));
  rig.openWebSocket();
  sendMany(rig, 100);
  CHECK(rig.host.log.size() == 101);
  rig.pass(9'099ms);
  CHECK(rig.channel.paused);
  rig.pass(1ms);
  CHECK_FALSE(rig.channel.paused);
}

TEST_CASE("Bytes are limited, but a single message is taken", "[session][rate]") {
  Rig rig(limitedTo(0, 1'000));
  rig.openWebSocket();
  rig.frame(rig.channel, "4" + std::string(1'000, 'x'));
  CHECK_FALSE(rig.channel.paused);
  rig.pass(1s);
  rig.frame(rig.channel, "4" + std::string(5'000, 'x'));
  REQUIRE(rig.host.log.size() == 3);
  CHECK(rig.host.log[1] == "too fast: maxBytesPerSecond");
  rig.pass(4'099ms);
  CHECK(rig.channel.paused);
  rig.pass(1ms);
  CHECK_FALSE(rig.channel.paused);
}

TEST_CASE("Whoever is a minute ahead is cut off, whatever the policy", "[session][rate]") {
  Rig rig(limitedTo(10, 1'000));
  rig.openWebSocket();
  SECTION("with messages") {
    sendMany(rig, 600);
    CHECK_FALSE(rig.channel.terminated);
    sendMany(rig, 1);
  }
  SECTION("with a message") {
    rig.frame(rig.channel, "4" + std::string(60'000, 'x'));
    CHECK_FALSE(rig.channel.terminated);
    rig.frame(rig.channel, "4" + std::string(10'000'000, 'x'));
  }
  CHECK(rig.channel.terminated);
  CHECK(rig.host.log.back() == "close transport error: rate limit exceeded");
}

TEST_CASE("A POST of a client that is too fast is read in pieces", "[session][rate]") {
  Rig rig(limitedTo(10, 0));
  rig.openPolling();
  std::string body;
  for (int i = 0; i < 100; ++i) body += (i > 0 ? "\x1e" : "") + ("4" + std::to_string(i));
  std::shared_ptr<Answer> answer;
  rig.session.onPost(rig.exchange(answer), "text/plain", body, rig.now);
  CHECK(*answer == kPending);
  CHECK(rig.host.log.size() == 12);  // eleven, and that it is too fast
  SECTION("to its end") {
    rig.pass(4s);
    CHECK(rig.host.log.size() < 12 + 2 * 41);
    CHECK(*answer == kPending);
    rig.pass(6s);
    CHECK(answer->status == 200);
    Log messages;
    for (const auto& line : rig.host.log) {
      if (line.starts_with("ascii ")) messages.push_back(line.substr(6));
    }
    REQUIRE(messages.size() == 100);
    for (int i = 0; i < 100; ++i) CHECK(messages[static_cast<std::size_t>(i)] == std::to_string(i));
  }
  SECTION("or until the session ends") {
    rig.session.close(true, rig.now);
    CHECK(answer->status == 200);
    CHECK(rig.host.log.size() == 13);
  }
  SECTION("and another one is an error") {
    CHECK(rig.post("4x").status == 400);
    CHECK(answer->status == 200);
  }
}

TEST_CASE("An upgrade waits for a POST that is held", "[session][rate]") {
  Rig rig(limitedTo(1, 0));
  rig.openPolling();
  std::shared_ptr<Answer> answer;
  std::string body = "4x";
  for (int i = 0; i < 40; ++i)
    body +=
        "\x1e"
        "4x";
  rig.session.onPost(rig.exchange(answer), "text/plain", body, rig.now);
  REQUIRE(rig.session.beginUpgrade(rig.channel, 900, rig.now));
  rig.frame(rig.channel, "2probe");
  rig.pass(38s);
  CHECK(*answer == kPending);
  CHECK_FALSE(rig.channel.closed);
  rig.pass(3s);
  CHECK(answer->status == 200);
  rig.frame(rig.channel, "5");
  CHECK(rig.session.transport() == TransportName::kWebSocket);
}

TEST_CASE("The timer of a paused client that leaves is not due at once", "[session][rate][pause]") {
  EngineOptions options = limitedTo(1, 0);
  options.allowEIO3 = true;
  if (GENERATE(false, true)) options.pingTimeout = 0ms;
  Rig rig("abcdefghij0123456789", options, Dialect{.protocol = 3});
  rig.openPolling();
  rig.session.pause(true);
  rig.session.close(false, rig.now);
  rig.host.timer.reset();
  rig.session.onTimer(rig.now);
  REQUIRE(rig.host.timer);
  CHECK(*rig.host.timer > rig.now);
}

TEST_CASE("A client that is to be cut off for its rate ends", "[session][rate]") {
  Rig rig(limitedTo(2, 0, RatePolicy::kDisconnect));
  SECTION("on a WebSocket") {
    rig.openWebSocket();
    sendMany(rig, 3);
    CHECK(rig.channel.terminated);
  }
  SECTION("while polling") {
    rig.openPolling();
    CHECK(rig.post("4x\x1e"
                   "4x\x1e"
                   "4x")
              .status == 200);
  }
  CHECK(rig.host.log == Log{"ascii x", "ascii x", "too fast: maxMessagesPerSecond",
                            "close transport error: rate limit exceeded"});
  CHECK(rig.host.counted.cuts[base::Cut::kRate].read() == 1);
}

TEST_CASE("Pauses for the rate and by the host do not end each other", "[session][rate]") {
  Rig rig(limitedTo(2, 0));
  rig.openWebSocket();
  SECTION("the host's is longer") {
    sendMany(rig, 3);
    rig.session.pause(true);
    rig.pass(1min);
    CHECK(rig.channel.paused);
    rig.session.pause(false);
  }
  SECTION("that for the rate is longer") {
    rig.session.pause(true);
    sendMany(rig, 3);
    rig.session.pause(false);
    CHECK(rig.channel.paused);
    rig.pass(1min);
  }
  CHECK_FALSE(rig.channel.paused);
}

TEST_CASE("The silence of a client that was too fast is not judged", "[session][rate]") {
  EngineOptions options = limitedTo(1, 0);
  options.allowEIO3 = true;
  options.pingInterval = options.pingTimeout = 4s;
  Rig rig("abcdefghij0123456789", options,
          Dialect{.protocol = static_cast<std::uint8_t>(GENERATE(3, 4))});
  rig.openWebSocket();
  sendMany(rig, 60);
  rig.pass(55s);
  CHECK(rig.channel.paused);
  CHECK(rig.channel.sent.size() > 10);  // PINGs or PONGs, or the client would leave
  CHECK(rig.host.log.size() == 61);
}

TEST_CASE("A limit of the rate that is lifted lets clients go on", "[session][rate]") {
  Rig rig(limitedTo(1, 0));
  rig.openWebSocket();
  sendMany(rig, 50);
  rig.host.values = *engine::settingsOf(GENERATE(EngineOptions{}, limitedTo(1'000, 0)));
  rig.pass(1s);
  CHECK_FALSE(rig.channel.paused);
  sendMany(rig, 100);
  CHECK_FALSE(rig.channel.paused);
}

TEST_CASE("A client hears heartbeats although its own wait behind what it has sent",
          "[session][rate]") {
  EngineOptions options = limitedTo(10, 0);
  options.allowEIO3 = true;
  const auto protocol = static_cast<std::uint8_t>(GENERATE(3, 4));
  Rig rig("abcdefghij0123456789", options, Dialect{.protocol = protocol});
  rig.openWebSocket();
  // It is read five times a second, two messages each, and its PING or PONG does not come for
  // minutes.
  sendMany(rig, 11);
  const auto before = rig.channel.sent.size();
  for (int i = 0; i < 1'800; ++i) {
    rig.pass(100ms);
    if (!rig.channel.paused) sendMany(rig, 2);
  }
  const auto beats = rig.channel.sent.size() - before;
  CHECK(beats >= 180 / 25);
  CHECK(beats <= 180 / 10 + 1);
  CHECK(rig.host.log.back() == "ascii x");
}

TEST_CASE("A client that stays too fast is told of once", "[session][rate]") {
  Rig rig(limitedTo(10, 0));
  rig.openWebSocket();
  sendMany(rig, 11);
  for (int i = 0; i < 50; ++i) {
    rig.pass(100ms);
    if (!rig.channel.paused) sendMany(rig, 2);
  }
  const auto isTold = [](const std::string& line) { return line.starts_with("too fast"); };
  CHECK(std::count_if(rig.host.log.begin(), rig.host.log.end(), isTold) == 1);
  rig.pass(2s);
  sendMany(rig, 20);
  CHECK(std::count_if(rig.host.log.begin(), rig.host.log.end(), isTold) == 2);
}
