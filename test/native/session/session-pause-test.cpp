// Session: a client that is not read for a while.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

TEST_CASE("A paused WebSocket is not read", "[session][pause]") {
  Rig rig;
  rig.openWebSocket();
  rig.session.pause(true);
  CHECK(rig.channel.paused);
  rig.session.pause(true);
  rig.session.pause(false);
  CHECK_FALSE(rig.channel.paused);
  rig.session.pause(true);
  rig.session.close(true, rig.now);
  CHECK(rig.channel.closed);
  CHECK_FALSE(rig.channel.paused);  // its goodbye is read
}

TEST_CASE("The silence of a paused client is not judged", "[session][pause]") {
  Rig rig;
  SECTION("on a WebSocket") {
    rig.openWebSocket();
    rig.session.pause(true);
    rig.pass(10min);
    CHECK(rig.host.log.empty());
    CHECK(rig.channel.sent.size() > 10);  // PINGs, or the client would leave
    rig.session.pause(false);
    rig.pass(19'999ms);
    CHECK(rig.host.log.empty());
    rig.pass(1ms);
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("while polling") {
    rig.openPolling();
    rig.session.pause(true);
    rig.pass(10min);
    CHECK(rig.host.log.empty());
    rig.session.pause(false);
    rig.pass(20s);
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("and tells no round trip") {
    rig.openWebSocket();
    rig.pass(25s);
    rig.session.pause(true);
    rig.pass(1s);
    rig.session.pause(false);
    rig.frame(rig.channel, "3");
    CHECK(rig.host.roundTrips.empty());
  }
}

TEST_CASE("A POST of a paused client waits", "[session][pause]") {
  Rig rig;
  rig.openPolling();
  rig.session.pause(true);
  std::shared_ptr<Answer> answer;
  rig.session.onPost(rig.exchange(answer), "text/plain",
                     "4one\x1e"
                     "4two",
                     rig.now);
  CHECK(*answer == kPending);
  CHECK(rig.host.log.empty());
  CHECK(rig.host.counted.heldPosts.read() == 9);
  SECTION("until it goes on") {
    rig.session.pause(false);
    CHECK(rig.host.log == Log{"ascii one", "ascii two"});
    CHECK(*answer == answered(200, "ok", ContentType::kHtml));
    CHECK(rig.post("4three").status == 200);
    CHECK(rig.host.log.size() == 3);
  }
  SECTION("or until it ends, and is dropped") {
    rig.session.close(true, rig.now);
    CHECK(*answer == answered(200, "ok", ContentType::kHtml));
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("but not with another one") {
    CHECK(rig.post("4three").status == 400);
    CHECK(rig.host.log == Log{"close transport error: data request overlap from client"});
    CHECK(answer->count == 1);
  }
  CHECK(rig.host.counted.heldPosts.read() == 0);
}

TEST_CASE("A paused session is paused on its next transport", "[session][pause]") {
  Rig rig;
  rig.openPolling();
  rig.session.pause(true);
  REQUIRE(rig.session.beginUpgrade(rig.channel, 900, rig.now));
  rig.frame(rig.channel, "2probe");
  CHECK_FALSE(rig.channel.paused);
  rig.frame(rig.channel, "5");
  CHECK(rig.channel.paused);
}

TEST_CASE("A paused client of protocol 3 gets PONGs", "[session][pause]") {
  EngineOptions options;
  options.allowEIO3 = true;
  Rig rig("abcdefghij0123456789", options, Dialect{.protocol = 3});
  rig.openWebSocket();
  rig.session.pause(true);
  CHECK(rig.channel.sent == Log{"3"});
  rig.pass(30s);
  CHECK(rig.channel.sent.size() == 4);
  rig.channel.takesMore = false;
  rig.pass(10min);
  CHECK(rig.channel.sent.size() == 4);
  CHECK(rig.host.log.empty());
  rig.session.pause(false);
  rig.pass(44'999ms);
  CHECK(rig.host.log.empty());
  rig.pass(1ms);
  CHECK(rig.host.log == Log{"close ping timeout"});
}
