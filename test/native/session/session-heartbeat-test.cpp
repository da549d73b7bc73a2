// Session's heartbeat: PING after pingInterval, PONG within pingTimeout, one extension for each.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

TEST_CASE("A PING goes out at each interval after a PONG", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.pass(24'999ms);
  CHECK(rig.channel.sent.empty());
  rig.pass(1ms);
  CHECK(rig.channel.sent == Log{"2"});
  rig.pass(5s);
  rig.frame(rig.channel, "3");
  CHECK(rig.host.log == Log{"heartbeat"});
  rig.pass(24'999ms);
  CHECK(rig.channel.sent.size() == 1);
  rig.pass(1ms);
  CHECK(rig.channel.sent == Log{"2", "2"});
  CHECK(rig.host.log == Log{"heartbeat"});
}

TEST_CASE("A missing PONG ends the session", "[session][heartbeat]") {
  Rig rig;
  SECTION("on a WebSocket") {
    rig.openWebSocket();
    rig.pass(44'999ms);
    CHECK(rig.host.log.empty());
    rig.pass(1ms);
    CHECK(rig.host.log == Log{"close ping timeout"});
    CHECK(rig.channel.closed);
    CHECK(rig.channel.sent == Log{"2"});
  }
  SECTION("while polling, with a close packet for the poll") {
    rig.openPolling();
    const auto first = rig.poll();
    rig.pass(25s);
    rig.session.flush();
    CHECK(*first == answered(200, "2"));
    const auto second = rig.poll();
    rig.pass(20s);
    CHECK(*second == answered(200, "1"));
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("of a client that opened and went away") {
    rig.openPolling();
    rig.pass(45s);
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
}

TEST_CASE("Silence that may be the host's own is excused", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.host.excused = rig.now + 50s;
  rig.pass(49'999ms);
  CHECK(rig.host.log.empty());
  SECTION("until it is the client's") {
    rig.pass(1ms);
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("until the PONG comes") {
    rig.frame(rig.channel, "3");
    rig.pass(20s);
    CHECK(rig.host.log == Log{"heartbeat"});
  }
}

TEST_CASE("Further PINGs go out while the PONG cannot be read", "[session][heartbeat]") {
  EngineOptions options;
  options.pingInterval = 3s;
  options.pingTimeout = 2s;
  Rig rig(options);
  rig.openWebSocket();
  rig.host.excused = rig.now + 13s;
  rig.pass(5'999ms);
  CHECK(rig.channel.sent == Log{"2"});
  rig.pass(1ms);
  CHECK(rig.channel.sent == Log{"2", "2"});
  rig.pass(6s);
  CHECK(rig.channel.sent == Log{"2", "2"});  // the host is away for longer: nobody asks it again
  SECTION("and do not put off the end of who is silent") {
    rig.pass(1s);
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("until the PONG is") {
    rig.frame(rig.channel, "3");
    rig.frame(rig.channel, "3");
    rig.pass(2'999ms);
    CHECK(rig.channel.sent.size() == 2);
    rig.pass(1ms);
    CHECK(rig.channel.sent.size() == 3);
    CHECK(rig.host.log == Log{"heartbeat", "heartbeat"});
  }
}

TEST_CASE("A PING that waits for its poll is not repeated", "[session][heartbeat]") {
  Rig rig;
  rig.openPolling();
  rig.host.excused = rig.now + 1h;
  rig.pass(50min);
  const auto poll = rig.poll();
  CHECK(*poll == answered(200, "2"));
}

TEST_CASE("A host that only looks whether it was away sends no PING", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.host.excused = rig.now + 45'020ms;
  rig.pass(46s);
  CHECK(rig.channel.sent == Log{"2"});
  CHECK(rig.host.log == Log{"close ping timeout"});
}

TEST_CASE("A client that is not read is not silent", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.channel.read = false;
  rig.pass(10min);
  CHECK_FALSE(rig.session.closed());
  CHECK(rig.channel.sent.size() == 24);  // one for each interval
  rig.channel.read = true;
  rig.pass(20s);
  CHECK(rig.host.log == Log{"close ping timeout"});
}

TEST_CASE("Any packet extends the wait for a PONG, once for each PING", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.frame(rig.channel, "4before");  // no PING yet: extends nothing
  rig.pass(25s);
  rig.pass(19s);
  rig.frame(rig.channel, "4first");
  rig.pass(19s);
  CHECK_FALSE(rig.session.closed());
  SECTION("a second packet does not") {
    rig.frame(rig.channel, "4second");
    rig.pass(999ms);
    CHECK_FALSE(rig.session.closed());
    rig.pass(1ms);
    CHECK(rig.host.log.back() == "close ping timeout");
  }
  SECTION("the next PING may be extended again") {
    rig.frame(rig.channel, "3");
    rig.pass(25s);
    rig.pass(19s);
    rig.frame(rig.channel, "4third");
    rig.pass(19s);
    CHECK_FALSE(rig.session.closed());
    rig.pass(1s);
    CHECK(rig.host.log.back() == "close ping timeout");
  }
}

TEST_CASE("A client that sends PING breaks the protocol", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.frame(rig.channel, "2");
  CHECK(rig.host.log == Log{"close transport error: invalid heartbeat direction"});
  CHECK(rig.channel.closed);
}

TEST_CASE("An unsolicited PONG is a heartbeat and puts the next PING off", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.pass(20s);
  rig.frame(rig.channel, "3");
  CHECK(rig.host.log == Log{"heartbeat"});
  rig.pass(24'999ms);
  CHECK(rig.channel.sent.empty());
  rig.pass(1ms);
  CHECK(rig.channel.sent == Log{"2"});
}

TEST_CASE("A thread that comes late sends one PING and waits in full", "[session][heartbeat]") {
  Rig rig;
  rig.openWebSocket();
  rig.now += 10min;
  rig.session.onTimer(rig.now);
  CHECK(rig.channel.sent == Log{"2"});
  rig.host.timer.reset();
  rig.session.onTimer(rig.now + 19'999ms);
  CHECK_FALSE(rig.session.closed());
  CHECK(rig.host.timer == rig.now + 20s);
}
