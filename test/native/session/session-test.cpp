// Session: opening, messages, sending, closing. Polling, the heartbeat, the upgrade and the limits
// have files of their own, and so has each machine that a session asks.
#include "session/session.hpp"

#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

TEST_CASE("Session answers a polling handshake with the open packet", "[session]") {
  Rig rig;
  const auto answer = rig.openPolling();
  CHECK(*answer ==
        answered(200,
                 R"(0{"sid":"abcdefghij0123456789","upgrades":["websocket"],"pingInterval":25000,)"
                 R"("pingTimeout":20000,"maxPayload":1000000})"));
  CHECK(rig.session.transport() == TransportName::kPolling);
  CHECK(rig.host.log.empty());
}

TEST_CASE("Session offers the upgrade only where it is possible", "[session]") {
  EngineOptions options;
  SECTION("not when upgrades are switched off") { options.allowUpgrades = false; }
  SECTION("not when there is no WebSocket transport") { options.websocket = false; }
  Rig rig(options);
  CHECK(rig.openPolling()->body.find(R"("upgrades":[],)") != std::string::npos);
}

TEST_CASE("Session opens a WebSocket with the open packet and the options of the time",
          "[session]") {
  EngineOptions options;
  options.pingInterval = 300ms;
  options.pingTimeout = 200ms;
  options.maxHttpBufferSize = 123;
  Rig rig(options);
  rig.session.openOver(rig.channel, rig.now);
  CHECK(rig.channel.sent == Log{R"(0{"sid":"abcdefghij0123456789","upgrades":[],)"
                                R"("pingInterval":300,"pingTimeout":200,"maxPayload":123})"});
  CHECK(rig.session.transport() == TransportName::kWebSocket);
}

TEST_CASE("Session escapes a sid that the host chose", "[session]") {
  Rig rig("a\"b\\c\n\x1F\xC3\xA9", {});
  CHECK(rig.openPolling()->body.starts_with("0{\"sid\":\"a\\\"b\\\\c\\u000a\\u001f\xC3\xA9\","));
}

TEST_CASE("Session tells messages with the narrowest encoding", "[session]") {
  Rig rig;
  rig.openWebSocket();
  rig.frame(rig.channel, "4hello");
  rig.frame(rig.channel, "4");
  rig.frame(rig.channel, "4caf\xC3\xA9", false);
  rig.frame(rig.channel, "4\xE2\x82\xAC", false);
  rig.session.onBinary(rig.channel, "\x01\xFF", rig.now);
  CHECK(rig.host.log == Log{"ascii hello", "ascii ", "latin1 caf\xC3\xA9", "utf16 \xE2\x82\xAC",
                            "binary \x01\xFF"});
}

TEST_CASE("Session reads the Socket.IO header where it is asked to", "[session]") {
  EngineOptions options;
  SECTION("not by default") {
    Rig rig(options);
    rig.openWebSocket();
    rig.frame(rig.channel, "42[\"a\"]");
    CHECK(rig.host.headers.front().type == 0);
  }
  SECTION("of events and acknowledgements") {
    options.parseSocketioHeader = true;
    Rig rig(options);
    rig.openWebSocket();
    rig.frame(rig.channel, "42[\"a\"]");
    rig.frame(rig.channel, "42/chat,17[\"a\"]");
    rig.frame(rig.channel, "435[]");
    rig.frame(rig.channel, "40");
    rig.frame(rig.channel, "42/\xC3\xA9,[\"a\"]", false);
    rig.session.onBinary(rig.channel, "2[\"a\"]", rig.now);
    rig.post("42[\"a\"]");
    const auto& headers = rig.host.headers;
    REQUIRE(headers.size() == 7);
    CHECK(headers[0].type == 2);
    CHECK(headers[0].id == PacketHeader::kNoId);
    CHECK(headers[0].nspLength == 0);
    CHECK(headers[0].payloadOffset == 1);
    CHECK(headers[1].type == 2);
    CHECK(headers[1].nspLength == 5);
    CHECK(headers[1].id == 17);
    CHECK(headers[1].payloadOffset == 9);
    CHECK(headers[2].type == 3);
    CHECK(headers[2].id == 5);
    CHECK(headers[3].type == 0);
    CHECK(headers[4].type == 0);  // namespaces are told by their length in ASCII
    CHECK(headers[5].type == 0);
    CHECK(headers[6].type == 2);
  }
  SECTION("but not with a namespace too long for it") {
    options.parseSocketioHeader = true;
    Rig rig(options);
    rig.openWebSocket();
    rig.frame(rig.channel, "42/" + std::string(65'534, 'n') + ",[]");
    rig.frame(rig.channel, "42/" + std::string(65'535, 'n') + ",[]");
    CHECK(rig.host.headers[0].nspLength == 65'535);
    CHECK(rig.host.headers[1].type == 0);
  }
}

TEST_CASE("Session ignores the packets that engine.io ignores", "[session]") {
  Rig rig;
  rig.openWebSocket();
  for (const auto* packet : {"0{}", "1", "5", "6"}) rig.frame(rig.channel, packet);
  CHECK(rig.host.log.empty());
  CHECK_FALSE(rig.session.closed());
}

TEST_CASE("Session ends on what is no packet", "[session]") {
  Rig rig;
  rig.openWebSocket();
  const std::string packet = GENERATE("", "9", "x", "c4AAAA");
  rig.frame(rig.channel, packet);
  CHECK(rig.host.log == Log{"close parse error"});
  CHECK(rig.channel.closed);
  CHECK(rig.session.closed());
  rig.frame(rig.channel, "4late");
  rig.session.onBinary(rig.channel, "late", rig.now);
  rig.session.onWritten(rig.channel);
  rig.session.onChannelClosed(rig.channel, CloseReason::kTransportClose, {});
  rig.send("late");
  rig.pass(1h);
  CHECK(rig.host.log.size() == 1);
  CHECK(rig.channel.sent.empty());
}

TEST_CASE("Session sends parts in order and tells the drain", "[session]") {
  Rig rig;
  rig.openWebSocket();
  const std::vector<Outgoing> parts{{.data = "51-[...]"}, {.binary = true, .data = "\x01\x02"}};
  rig.session.send(parts, {}, rig.tick);
  rig.send("next");
  CHECK(rig.channel.sent == Log{"451-[...]", "binary \x01\x02", "4next"});
}

TEST_CASE("Session tells when all before a mark has been taken", "[session]") {
  Rig rig;

  SECTION("by a WebSocket at once") {
    rig.openWebSocket();
    rig.send("a");
    rig.session.onWritten(rig.channel);
    CHECK(rig.host.log.empty());  // nobody asked
    rig.session.mark();
    CHECK(rig.host.log == Log{"drain 1"});
    rig.session.onWritten(rig.channel);
    CHECK(rig.host.log.size() == 1);
  }
  SECTION("by a WebSocket whose client has to read first") {
    rig.openWebSocket();
    rig.channel.taken = 1000;
    rig.channel.queued = 10;
    rig.session.mark();
    rig.session.mark();
    rig.channel.queued = 30;
    rig.session.mark();
    CHECK(rig.host.log.empty());
    rig.channel.taken = 1009;
    rig.session.onWritten(rig.channel);
    CHECK(rig.host.log.empty());
    rig.channel.taken = 1029;
    rig.session.onWritten(rig.channel);
    CHECK(rig.host.log == Log{"drain 2"});
    rig.channel.taken = 1030;
    rig.session.onWritten(rig.channel);
    CHECK(rig.host.log == Log{"drain 2", "drain 1"});
  }
  SECTION("by a poll") {
    rig.openPolling();
    rig.session.mark();
    CHECK(rig.host.log == Log{"drain 1"});  // nothing was waiting
    rig.send("a");
    rig.session.mark();
    rig.session.mark();
    CHECK(rig.host.log.size() == 1);
    CHECK(*rig.poll() == answered(200, "4a"));
    CHECK(rig.host.log == Log{"drain 1", "drain 2"});
  }
}

TEST_CASE("Session drops volatile packets for whoever cannot take them now", "[session]") {
  Rig rig;
  SECTION("a WebSocket with a queue") {
    rig.openWebSocket();
    rig.channel.takesMore = false;
    CHECK_FALSE(rig.session.writable());
    rig.send("lost", {.isVolatile = true});
    rig.send("kept");
    rig.channel.takesMore = true;
    rig.send("lost in the tick of another", {.isVolatile = true});
    ++rig.tick;
    rig.send("taken", {.isVolatile = true});
    rig.send("lost as well", {.isVolatile = true});
    CHECK(rig.channel.sent == Log{"4kept", "4taken"});
  }
  SECTION("a polling client without a poll, or with packets that wait") {
    rig.openPolling();
    rig.send("lost", {.isVolatile = true});
    const auto poll = rig.poll();
    CHECK(rig.session.writable());
    rig.send("taken", {.isVolatile = true});
    rig.send("lost too", {.isVolatile = true});
    rig.session.flush();
    CHECK(poll->body == "4taken");
  }
}

TEST_CASE("Session closes a WebSocket after what was sent", "[session]") {
  Rig rig;
  rig.openWebSocket();
  rig.send("bye");
  const bool discard = GENERATE(false, true);
  rig.session.close(discard, rig.now);
  CHECK(rig.channel.sent == Log{"4bye"});
  CHECK(rig.channel.closed);
  CHECK(rig.host.log == Log{"close forced close"});
  rig.session.close(discard, rig.now);
  CHECK(rig.host.log.size() == 1);
}

TEST_CASE("Session closes with its channel", "[session]") {
  Rig rig;
  rig.openWebSocket();
  rig.session.onChannelClosed(rig.channel, CloseReason::kTransportError, "why");
  CHECK(rig.host.log == Log{"close transport error: why"});
  CHECK_FALSE(rig.channel.closed);  // it is gone: nothing may be called on it
}

TEST_CASE("Session is cut off", "[session]") {
  Rig rig;
  SECTION("with its channel, which is not asked for a goodbye") {
    rig.openWebSocket();
    rig.session.terminate();
    CHECK(rig.channel.terminated);
    CHECK_FALSE(rig.channel.closed);
  }
  SECTION("while it polls") {
    rig.openPolling();
    const auto poll = rig.poll();
    rig.session.terminate();
    CHECK(*poll == answered(200, "1"));
  }
  CHECK(rig.host.log == Log{"close transport close"});
  rig.session.terminate();
  CHECK(rig.host.log.size() == 1);
}

TEST_CASE("Session closing a polling client", "[session]") {
  Rig rig;
  rig.openPolling();

  SECTION("answers the pending poll with a close packet") {
    const auto poll = rig.poll();
    rig.session.close(false, rig.now);
    CHECK(*poll == answered(200, "1"));
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("waits for the next poll") {
    rig.session.close(false, rig.now);
    CHECK(rig.host.log.empty());
    rig.send("not any more");
    CHECK(*rig.poll() == answered(200,
                                  "6\x1e"
                                  "1"));
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("sends what was sent before first") {
    const auto poll = rig.poll();
    rig.send("a");
    rig.send("b");
    rig.session.close(false, rig.now);
    CHECK(*poll == kPending);
    rig.session.flush();
    CHECK(*poll == answered(200,
                            "4a\x1e"
                            "4b"));
    CHECK(rig.host.log.empty());
    CHECK(*rig.poll() == answered(200,
                                  "6\x1e"
                                  "1"));
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("with packets that wait for a poll") {
    rig.send("a");
    rig.session.close(false, rig.now);
    CHECK(*rig.poll() == answered(200, "4a"));
    CHECK(*rig.poll() == answered(200,
                                  "6\x1e"
                                  "1"));
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("at once with discard") {
    rig.send("a");
    rig.session.close(true, rig.now);
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("waits no longer than a dead client is borne with") {
    rig.pass(20s);
    rig.session.close(false, rig.now);
    rig.pass(24s);
    CHECK(rig.host.log.empty());
    rig.pass(1s);  // the ping that was due 5 seconds after the close, and was not sent any more
    CHECK(rig.host.log == Log{"close ping timeout"});
  }
  SECTION("discards what an earlier close waits for") {
    rig.session.close(false, rig.now);
    rig.session.close(false, rig.now);
    CHECK(rig.host.log.empty());
    rig.session.close(true, rig.now);
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("gives up after closeTimeout, and sends no ping until then") {
    rig.session.close(false, rig.now);
    rig.pass(29'999ms);
    CHECK(rig.host.log.empty());
    rig.pass(1ms);
    CHECK(rig.host.log == Log{"close forced close"});
  }
  SECTION("ignores packets meanwhile, but not a close packet") {
    rig.session.close(false, rig.now);
    rig.post("4late");
    CHECK(rig.host.log.empty());
    CHECK(rig.post("1") == answered(200, "ok", ContentType::kHtml));
    CHECK(rig.host.log == Log{"close transport close"});
  }
}
