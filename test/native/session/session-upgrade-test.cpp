// Session's upgrade to a WebSocket or WebTransport: probe, commit, and all that can go wrong
// between.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

namespace {

constexpr RequestId kUpgradeRequest = 900;

/// A polling session with a WebSocket that asks to take over.
struct UpgradeRig : Rig {
  explicit UpgradeRig(EngineOptions options = {}) : Rig(options) {
    openPolling();
    REQUIRE(session.beginUpgrade(channel, kUpgradeRequest, now));
  }
};

}  // namespace

TEST_CASE("A probe is answered, and polls get a noop every 100 ms", "[session][upgrade]") {
  UpgradeRig rig;
  auto poll = rig.poll();
  rig.pass(1s);
  CHECK(*poll == kPending);  // no noop before the probe
  rig.frame(rig.channel, "2probe");
  CHECK(rig.channel.sent == Log{"3probe"});
  CHECK(rig.host.log == Log{"upgrading 900"});
  rig.pass(99ms);
  CHECK(*poll == kPending);
  rig.pass(1ms);
  CHECK(*poll == answered(200, "6"));
  poll = rig.poll();
  rig.pass(100ms);
  CHECK(*poll == answered(200, "6"));
  rig.pass(100ms);  // without a poll nothing happens
  CHECK(rig.session.transport() == TransportName::kPolling);
}

TEST_CASE("A client that only ever probes is given up", "[session][upgrade]") {
  UpgradeRig rig;
  for (int i = 0; i < 1000; ++i) rig.frame(rig.channel, "2probe");
  CHECK(rig.channel.sent == Log(1000, "3probe"));
  CHECK_FALSE(rig.channel.closed);
  rig.frame(rig.channel, "2probe");
  CHECK(rig.channel.closed);
  CHECK(rig.host.log.back() == "abandoned 900");
  CHECK_FALSE(rig.session.closed());
}

TEST_CASE("Packets keep flowing on polling until the commit", "[session][upgrade]") {
  UpgradeRig rig;
  rig.frame(rig.channel, "2probe");
  const auto poll = rig.poll();
  rig.send("a");
  rig.session.flush();
  CHECK(*poll == answered(200, "4a"));
  rig.post("4b");
  CHECK(rig.host.log == Log{"upgrading 900", "ascii b"});
  CHECK(rig.channel.sent == Log{"3probe"});
}

TEST_CASE("A packet that waits for the flush is not overtaken by a noop", "[session][upgrade]") {
  UpgradeRig rig;
  rig.frame(rig.channel, "2probe");
  const auto poll = rig.poll();
  rig.send("a");
  rig.pass(100ms);
  CHECK(*poll == kPending);
  rig.session.flush();
  CHECK(poll->body == "4a");
}

TEST_CASE("The commit moves the session and what waits to the WebSocket", "[session][upgrade]") {
  UpgradeRig rig;
  rig.send("a");
  const std::vector<Outgoing> parts{{.data = "51-"}, {.binary = true, .data = "\x01"}};
  rig.session.send(parts, {}, rig.tick);
  if (GENERATE(true, false)) {
    rig.frame(rig.channel, "2probe");  // 5 without a probe is accepted too
    rig.host.log.clear();
    rig.channel.sent.clear();
  }
  rig.frame(rig.channel, "5");
  CHECK(rig.session.transport() == TransportName::kWebSocket);
  CHECK(rig.host.log == Log{"upgrade 900"});
  CHECK(rig.channel.sent == Log{"4a", "451-", "binary \x01"});
  rig.send("b");
  CHECK(rig.channel.sent.back() == "4b");
  rig.frame(rig.channel, "4c");
  CHECK(rig.host.log.back() == "ascii c");
  rig.pass(10s);  // neither the upgrade's timeout nor its noops are left
  CHECK_FALSE(rig.session.closed());
}

TEST_CASE("The commit releases a pending poll", "[session][upgrade]") {
  UpgradeRig rig;
  const auto poll = rig.poll();
  rig.send("a");
  rig.frame(rig.channel, "5");
  CHECK(*poll == answered(200, "1"));
  rig.session.flush();
  CHECK(rig.channel.sent == Log{"4a"});
}

TEST_CASE("The commit forgets a PING that is unanswered, and pings again", "[session][upgrade]") {
  UpgradeRig rig;
  rig.pass(9s);
  rig.frame(rig.channel, "2probe");
  rig.frame(rig.channel, "5");
  rig.channel.sent.clear();
  rig.pass(15'999ms);
  CHECK(rig.channel.sent.empty());
  rig.pass(1ms);
  CHECK(rig.channel.sent == Log{"2"});

  SECTION("also one that was sent on polling") {
    Rig late;
    late.openPolling();
    late.pass(26s);
    FakeChannel channel;
    REQUIRE(late.session.beginUpgrade(channel, 1, late.now));
    late.frame(channel, "5");
    CHECK(channel.sent == Log{"2"});  // it was still waiting for a poll
    late.pass(24'999ms);
    CHECK_FALSE(late.session.closed());
    CHECK(channel.sent.size() == 1);
    late.pass(1ms);
    CHECK(channel.sent == Log{"2", "2"});
  }
}

TEST_CASE("A candidate that is not ready in time is closed", "[session][upgrade]") {
  EngineOptions options;
  options.upgradeTimeout = 10s;
  UpgradeRig rig(options);
  if (GENERATE(true, false)) rig.frame(rig.channel, "2probe");
  rig.pass(9'999ms);
  CHECK_FALSE(rig.channel.closed);
  rig.pass(1ms);
  CHECK(rig.channel.closed);
  CHECK(rig.host.log.back() == "abandoned 900");
  CHECK_FALSE(rig.session.closed());
  CHECK(rig.session.transport() == TransportName::kPolling);
  rig.frame(rig.channel, "5");  // too late
  CHECK(rig.session.transport() == TransportName::kPolling);
  FakeChannel second;
  CHECK(rig.session.beginUpgrade(second, 1, rig.now));
}

TEST_CASE("A wrong first packet closes the candidate only", "[session][upgrade]") {
  UpgradeRig rig;
  const std::string packet = GENERATE("2", "2prob", "3probe", "4hello", "", "x", "1");
  rig.frame(rig.channel, packet);
  CHECK(rig.channel.closed);
  CHECK_FALSE(rig.session.closed());
  CHECK(rig.host.log == Log{"abandoned 900"});
  rig.send("a");
  CHECK(rig.poll()->body == "4a");
}

TEST_CASE("A binary message closes the candidate only", "[session][upgrade]") {
  UpgradeRig rig;
  rig.session.onBinary(rig.channel, "5", rig.now);
  CHECK(rig.channel.closed);
  CHECK_FALSE(rig.session.closed());
}

TEST_CASE("The loss of a candidate leaves the session on polling", "[session][upgrade]") {
  UpgradeRig rig;
  rig.frame(rig.channel, "2probe");
  rig.session.onChannelClosed(rig.channel, CloseReason::kTransportClose, {});
  CHECK_FALSE(rig.session.closed());
  CHECK(rig.host.log == Log{"upgrading 900", "abandoned 900"});
  CHECK_FALSE(rig.channel.closed);  // gone: not to be called
  const auto poll = rig.poll();
  rig.pass(1s);
  CHECK(*poll == kPending);  // no more noops
  FakeChannel second;
  CHECK(rig.session.beginUpgrade(second, 1, rig.now));
}

TEST_CASE("A second candidate is refused, during and after the upgrade", "[session][upgrade]") {
  UpgradeRig rig;
  FakeChannel second;
  CHECK_FALSE(rig.session.beginUpgrade(second, 1, rig.now));
  rig.frame(rig.channel, "5");
  CHECK_FALSE(rig.session.beginUpgrade(second, 1, rig.now));
  rig.frame(second, "4who are you");
  rig.session.onChannelClosed(second, CloseReason::kTransportClose, {});
  CHECK(rig.host.log == Log{"upgrade 900"});
  CHECK_FALSE(rig.session.closed());

  Rig closed;
  closed.openWebSocket();
  closed.session.close(true, closed.now);
  CHECK_FALSE(closed.session.beginUpgrade(second, 1, closed.now));
}

TEST_CASE("A session on a WebSocket moves to WebTransport, once", "[session][upgrade]") {
  Rig rig;
  rig.openWebSocket();
  FakeChannel candidate;
  candidate.ownName = TransportName::kWebTransport;
  REQUIRE(rig.session.beginUpgrade(candidate, 7, rig.now));
  rig.frame(candidate, "2probe");
  CHECK(candidate.sent == Log{"3probe"});
  rig.send("before");
  rig.frame(rig.channel, "4still here");
  CHECK(rig.session.transport() == TransportName::kWebSocket);
  SECTION("which replaces it") {
    rig.frame(candidate, "5");
    CHECK(rig.session.transport() == TransportName::kWebTransport);
    CHECK(rig.channel.sent == Log{"4before"});
    CHECK(rig.channel.closed);
    rig.send("after");
    CHECK(candidate.sent == Log{"3probe", "4after"});
    rig.frame(candidate, "4hello");
    rig.frame(rig.channel, "4too late");
    rig.session.onChannelClosed(rig.channel, CloseReason::kTransportClose, {});
    CHECK(rig.host.log == Log{"upgrading 7 to WebTransport", "ascii still here",
                              "upgrade 7 to WebTransport", "ascii hello"});
    FakeChannel second;
    CHECK_FALSE(rig.session.beginUpgrade(second, 8, rig.now));
  }
  SECTION("or ends with it") {
    rig.session.onChannelClosed(rig.channel, CloseReason::kTransportClose, {});
    CHECK(candidate.closed);
    CHECK(rig.host.log.back() == "close transport close");
  }
  SECTION("or is left") {
    rig.frame(candidate, "4nonsense");
    CHECK(candidate.closed);
    CHECK_FALSE(rig.channel.closed);
    rig.send("after");
    CHECK(rig.channel.sent == Log{"4before", "4after"});
  }
}

TEST_CASE("The handshake names the upgrades there are", "[session][upgrade]") {
  EngineOptions options;
  const auto upgrades = [&options] {
    Rig rig(options);
    const auto body = rig.openPolling()->body;
    const auto from = body.find("\"upgrades\":[") + 12;
    return body.substr(from, body.find(']') - from);
  };
  CHECK(upgrades() == R"("websocket")");
  options.webtransport = true;
  CHECK(upgrades() == R"("websocket","webtransport")");
  options.websocket = false;
  CHECK(upgrades() == R"("webtransport")");
  Rig rig(options);
  rig.session.openOver(rig.channel, rig.now);
  CHECK(rig.channel.sent.front().find("\"upgrades\":[]") != std::string::npos);
  options.allowUpgrades = false;
  CHECK(upgrades().empty());
}

TEST_CASE("A session that ends while upgrading closes the candidate", "[session][upgrade]") {
  UpgradeRig rig;
  rig.frame(rig.channel, "2probe");
  SECTION("by its client") {
    rig.post("1");
    CHECK(rig.host.log.back() == "close transport close");
  }
  SECTION("by the host") {
    rig.session.close(true, rig.now);
    CHECK(rig.host.log.back() == "close forced close");
  }
  CHECK(rig.channel.closed);
  rig.frame(rig.channel, "5");
  CHECK(rig.session.transport() == TransportName::kPolling);
}

TEST_CASE("Marks of polling come true on the WebSocket that takes over", "[session][upgrade]") {
  UpgradeRig rig;
  rig.send("a");
  rig.session.mark();
  rig.channel.taken = 100;
  rig.channel.queued = 5;
  rig.frame(rig.channel, "5");
  CHECK(rig.host.log == Log{"upgrade 900"});
  rig.channel.taken = 105;
  rig.session.onWritten(rig.channel);
  CHECK(rig.host.log == Log{"upgrade 900", "drain 1"});
}

TEST_CASE("A session that is closing ends on the WebSocket it commits to", "[session][upgrade]") {
  UpgradeRig rig;
  rig.send("last");
  rig.session.close(false, rig.now);
  CHECK(rig.host.log.empty());
  rig.frame(rig.channel, "5");
  CHECK(rig.channel.sent == Log{"4last"});
  CHECK(rig.channel.closed);
  CHECK(rig.host.log == Log{"upgrade 900", "close forced close"});
}
