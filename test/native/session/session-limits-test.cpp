// Session: what may wait for a client, and when it is cut off for what it does not take.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

TEST_CASE("Session ends a consumer whose queue would exceed the hard limit", "[session]") {
  EngineOptions options;
  options.maxSendQueueBytes = 5;
  options.hardMaxSendQueueBytes = 10;
  const Log expected{"close transport error: send queue limit exceeded"};

  SECTION("on a WebSocket, at once") {
    Rig rig(options);
    rig.openWebSocket();
    rig.send(std::string(100, 'x'));  // an empty queue takes any message
    rig.channel.queued = 4;
    rig.send("123456");
    CHECK(rig.channel.sent.size() == 2);
    CHECK(rig.host.log.empty());
    rig.send("1234567");
    CHECK(rig.host.log == expected);
    CHECK(rig.channel.terminated);
    CHECK_FALSE(rig.channel.closed);
    CHECK(rig.channel.sent.size() == 2);
  }
  SECTION("between polls") {
    options.hardMaxSendQueueBytes = 1000;
    const std::string most(800, 'x');
    const std::string some(50, 'y');
    Rig rig(options);
    rig.openPolling();
    rig.send(most + most);
    rig.poll();
    rig.send(most);
    rig.session.flush();  // no poll: nothing happens
    rig.send(some);
    CHECK(rig.host.log.empty());
    const std::vector<Outgoing> parts{{.data = some}, {.data = some}};
    rig.session.send(parts, {}, rig.tick);
    CHECK(rig.host.log == expected);
  }
  SECTION("between polls, where many small packets take more than their data") {
    options.hardMaxSendQueueBytes = 100'000;
    Rig rig(options);
    rig.openPolling();
    int count = 0;
    for (; rig.host.log.empty() && count < 100'000; ++count) rig.send("x");
    CHECK(rig.host.log == expected);
    CHECK(count < 10'000);
  }
}

TEST_CASE("Session gives a client time to take what is beyond the limit", "[session]") {
  EngineOptions options;
  options.maxSendQueueBytes = 100;
  options.sendTimeout = 1s;
  Rig rig(options);
  const Log expected{"close transport error: send timeout"};

  SECTION("on a WebSocket") {
    rig.openWebSocket();
    rig.channel.queued = 90;
    rig.send("more than ten bytes");
    rig.channel.stalled = rig.now;
    rig.channel.queued = 109;
    SECTION("and cuts it when it has taken nothing") {
      rig.pass(999ms);
      CHECK(rig.host.log.empty());
      rig.pass(1ms);
      CHECK(rig.host.log == expected);
      CHECK(rig.channel.terminated);
    }
    SECTION("and more when it has taken something") {
      for (int i = 0; i < 20; ++i) {
        rig.pass(900ms);
        rig.channel.stalled = rig.now;
        rig.send("x");
      }
      CHECK(rig.host.log.empty());
      rig.pass(1s);
      CHECK(rig.host.log == expected);
    }
    SECTION("which is over when it has taken enough") {
      rig.channel.queued = 100;
      rig.pass(10s);
      CHECK(rig.host.log.empty());
      rig.channel.queued = 101;
      rig.send("x");
      rig.pass(1s);
      CHECK(rig.host.log == expected);
    }
    SECTION("which does not run while it is still to be offered all that waits") {
      rig.channel.stalled.reset();
      rig.pass(10s);
      CHECK(rig.host.log.empty());
    }
    SECTION("which does not run while it may be the host that does not take it") {
      rig.host.excused = rig.now + 5s;
      rig.pass(4999ms);
      CHECK(rig.host.log.empty());
      rig.pass(1ms);
      CHECK(rig.host.log == expected);
    }
    SECTION("up to four times the limit, if it is not said how much") {
      rig.channel.queued = 399;
      rig.send("x");
      CHECK(rig.host.log.empty());
      rig.send("xy");
      CHECK(rig.host.log == Log{"close transport error: send queue limit exceeded"});
    }
  }
  SECTION("between polls") {
    rig.openPolling();
    rig.send(std::string(50, 'x'));
    rig.pass(900ms);
    rig.send(std::string(50, 'y'));
    SECTION("and cuts it when no poll comes") {
      rig.pass(999ms);
      CHECK(rig.host.log.empty());
      rig.pass(1ms);
      CHECK(rig.host.log == expected);
    }
    SECTION("which is over with a poll") {
      CHECK(rig.poll()->body.size() == 103);
      rig.pass(5s);
      CHECK(rig.host.log.empty());
    }
  }
}

TEST_CASE("What waits for a poll is counted until it is taken", "[session]") {
  FakeHost host;
  FakeChannel channel;
  auto session = std::make_unique<Session>(host, SessionId{}, "sid", Dialect{});
  session->openOverPolling(std::make_unique<FakeExchange>(std::make_shared<Answer>(), 1),
                           host.time);
  const std::string text(1000, 'x');
  const Outgoing packet{.data = text};
  session->send({&packet, 1}, {}, 1);
  CHECK(host.meter.bytes() >= 1000);
  CHECK(session->queuedBytes() == host.meter.bytes());
  CHECK(session->stalledSince() == host.time);
  SECTION("by a poll") {
    session->onPoll(std::make_unique<FakeExchange>(std::make_shared<Answer>(), 2));
    CHECK_FALSE(session->stalledSince());
  }
  SECTION("or it is cut off") { session->cutOff(base::Cut::kSendTimeout); }
  SECTION("or it is gone") { session.reset(); }
  CHECK(host.meter.bytes() == 0);
}

TEST_CASE("Session ends a client of protocol 3 that pings and does not read", "[session]") {
  Rig rig("abcdefghij0123456789", {}, {.protocol = 3});
  const Log expected{"close transport error: too many unread pongs"};
  const auto isLast = [&rig] { return rig.host.log.back().starts_with("close "); };

  SECTION("on a WebSocket") {
    rig.openWebSocket();
    for (int i = 0; i < 5000; ++i) rig.frame(rig.channel, "2");  // all are taken
    CHECK(rig.host.log == Log(5000, "heartbeat"));
    rig.channel.takesMore = false;
    rig.host.log.clear();
    for (int i = 0; i < 5000; ++i) rig.frame(rig.channel, "2");
    CHECK(isLast());
    CHECK(rig.host.log.size() == 1000);  // with the end; the one before them was unread as well
    CHECK(rig.channel.terminated);
  }
  SECTION("between polls") {
    rig.openPolling();
    std::string pings;
    for (int i = 0; i < 5000; ++i) pings += "1:2";
    CHECK(rig.post(pings).status == 200);
    CHECK(isLast());
    CHECK(rig.host.log.size() == 1001);
  }
  rig.host.log.erase(rig.host.log.begin(), rig.host.log.end() - 1);
  CHECK(rig.host.log == expected);
}
