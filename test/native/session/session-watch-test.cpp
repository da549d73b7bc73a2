// Session: what a host hears of the queue of a session that it watches.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

TEST_CASE("A session that nobody watches tells nothing of its queue", "[session][watch]") {
  Rig rig;
  rig.openWebSocket();
  rig.channel.queued = 1'000'000;
  rig.send("x", {.isCounted = true});
  rig.session.settle();
  CHECK(rig.host.log.empty());
  CHECK(rig.host.balance == 0);
}

TEST_CASE("A watched session tells of its queue", "[session][watch]") {
  Rig rig;
  SECTION("on a WebSocket") {
    rig.openWebSocket();
    rig.session.watch(100);
    rig.send("12345", {.isCounted = true});
    rig.send("678");  // which the host does not count
    rig.channel.queued = 12;
    rig.session.settle();
    CHECK(rig.host.balance == 7);
    rig.channel.queued = 101;
    rig.session.settle();
    CHECK(rig.host.log == Log{"slow 101"});
    rig.channel.queued = 0;
    rig.session.onWritten(rig.channel);
    CHECK(rig.host.log == Log{"slow 101", "drained 0"});
    CHECK(rig.host.balance == -5);
  }
  SECTION("between polls") {
    rig.openPolling();
    rig.session.watch(100);
    rig.send(std::string(200, 'x'), {.isCounted = true});
    rig.session.settle();
    const auto waiting = 200 + PollBuffer::kPacketBytes;
    CHECK(rig.host.log == Log{"slow " + std::to_string(waiting)});
    CHECK(rig.host.balance == static_cast<std::int64_t>(PollBuffer::kPacketBytes));
    rig.poll();
    CHECK(rig.host.log.back() == "drained 0");
    CHECK(rig.host.balance == -200);
  }
  SECTION("also what is dropped, as the host has counted it") {
    rig.openWebSocket();
    rig.session.watch(0);
    rig.channel.takesMore = false;
    rig.send("12345", {.isVolatile = true, .isCounted = true});
    rig.session.settle();
    CHECK(rig.channel.sent.empty());
    CHECK(rig.host.balance == -5);
    CHECK(rig.host.log.empty());
  }
}

TEST_CASE("A session tells how long its client takes to answer a PING", "[session][watch]") {
  Rig rig;
  SECTION("the last PING") {
    rig.openWebSocket();
    rig.frame(rig.channel, "3");  // answers nothing
    rig.pass(25s);
    rig.pass(40ms);
    CHECK(rig.host.roundTrips.empty());
    rig.frame(rig.channel, "3");
    CHECK(rig.host.roundTrips == std::vector{40ms});
    rig.frame(rig.channel, "3");
    CHECK(rig.host.roundTrips.size() == 1);
    rig.pass(25s + 7ms);
    rig.frame(rig.channel, "3");
    CHECK(rig.host.roundTrips == std::vector{40ms, 7ms});
  }
  SECTION("not if it is unknown which PING was answered") {
    rig.openWebSocket();
    rig.pass(25s);
    rig.host.excused = rig.now + 1h;
    rig.pass(40s);
    CHECK(rig.channel.sent.size() > 1);
    rig.frame(rig.channel, "3");
    CHECK(rig.host.roundTrips.empty());
    rig.pass(25s + 3ms);
    rig.frame(rig.channel, "3");
    CHECK(rig.host.roundTrips == std::vector{3ms});
  }
}

TEST_CASE("Clients of protocol 3 ping themselves: there is no round trip", "[session][watch]") {
  EngineOptions options;
  options.allowEIO3 = true;
  Rig rig("abcdefghij0123456789", options, Dialect{.protocol = 3});
  rig.openWebSocket();
  rig.pass(10s);
  rig.frame(rig.channel, "2");
  CHECK(rig.host.log == Log{"heartbeat"});
  CHECK(rig.host.roundTrips.empty());
}
