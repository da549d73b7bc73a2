// Session: a client that may send only so fast.
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
  CHECK(rig.host.log.back() == "too fast: maxBytesPerSecond");
  CHECK(rig.host.log.size() == 3);
  rig.pass(4'099ms);
  CHECK(rig.channel.paused);
  rig.pass(1ms);
  CHECK_FALSE(rig.channel.paused);
}

TEST_CASE("A pause for the rate is no longer than an hour", "[session][rate]") {
  Rig rig(limitedTo(0, 1));
  rig.openPolling();
  rig.post("4" + std::string(10'000'000, 'x'));
  std::shared_ptr<Answer> answer;
  rig.session.onPost(rig.exchange(answer), "text/plain", "4y", rig.now);
  CHECK(*answer == kPending);
  rig.pass(1h);
  CHECK(answer->status == 200);
}

TEST_CASE("A POST of a client that is too fast waits", "[session][rate]") {
  Rig rig(limitedTo(2, 0));
  rig.openPolling();
  CHECK(rig.post("4a\x1e"
                 "4b\x1e"
                 "4c")
            .status == 200);
  std::shared_ptr<Answer> answer;
  rig.session.onPost(rig.exchange(answer), "text/plain", "4d", rig.now);
  CHECK(*answer == kPending);
  rig.pass(600ms);
  CHECK(answer->status == 200);
  CHECK(rig.host.log ==
        Log{"too fast: maxMessagesPerSecond", "ascii a", "ascii b", "ascii c", "ascii d"});
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
  Rig rig("abcdefghij0123456789", options,
          Dialect{.protocol = static_cast<std::uint8_t>(GENERATE(3, 4))});
  rig.openWebSocket();
  sendMany(rig, 601);  // ten minutes
  rig.pass(9min);
  CHECK(rig.channel.paused);
  CHECK(rig.channel.sent.size() > 10);  // PINGs or PONGs, or the client would leave
  CHECK(rig.host.log.size() == 602);
}

TEST_CASE("A limit of the rate that is lifted lets clients go on", "[session][rate]") {
  Rig rig(limitedTo(1, 0));
  rig.openWebSocket();
  sendMany(rig, 2);
  rig.host.values = *engine::settingsOf(EngineOptions{});
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
  // It is read ten times a second, one message each, and its PING or PONG does not come for
  // minutes.
  sendMany(rig, 11);
  const auto before = rig.channel.sent.size();
  for (int i = 0; i < 1'800; ++i) {
    rig.pass(100ms);
    if (!rig.channel.paused) sendMany(rig, 1);
  }
  const auto beats = rig.channel.sent.size() - before;
  CHECK(beats >= 180 / 25);
  CHECK(beats <= 180 / 10 + 1);
  CHECK(rig.host.log.back() == "ascii x");
}
