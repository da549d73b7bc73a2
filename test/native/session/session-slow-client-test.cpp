// Session: what becomes of a client that takes less than it is sent, by the policy.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

namespace {

constexpr std::size_t kMost = 10'000;
const std::string kLong(3000, 'x');

EngineOptions with(SlowClientPolicy policy) {
  EngineOptions options;
  options.maxSendQueueBytes = kMost;
  options.sendTimeout = 1s;
  options.slowClientPolicy = policy;
  return options;
}

std::string event(std::string_view name) { return "2[\"" + std::string(name) + "\"]" + kLong; }

// What a connection was sent, or a poll was answered with, in short: each packet up to `kLong`.
Log shortened(const Log& sent) {
  Log texts;
  for (const auto& text : sent) texts.push_back(text.substr(0, text.find(kLong)));
  return texts;
}

// The connection has its share, and takes no more.
void block(Rig& rig) {
  rig.channel.takesMore = false;
  rig.channel.queued = kMost;
  rig.channel.stalled = rig.now;
}

void takeAll(Rig& rig) {
  rig.channel.takesMore = true;
  rig.channel.taken += std::exchange(rig.channel.queued, 0);
  rig.channel.stalled.reset();
  rig.session.onWritten(rig.channel);
}

}  // namespace

TEST_CASE("drop-oldest drops events, and keeps what is more than that", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openWebSocket();
  rig.send(event("first"));
  block(rig);
  for (const auto* name : {"a", "b", "c", "d", "e"}) rig.send(event(name));
  rig.send("0{\"sid\":\"x\"}");
  rig.send("27[\"asks\"]" + kLong);
  rig.send("37[\"answers\"]");
  rig.send(event("f"));
  rig.send(event("g"));
  CHECK(rig.channel.sent.size() == 1);
  CHECK(rig.host.counted.dropped.read() == 6);
  rig.pass(5s);  // longer than sendTimeout
  takeAll(rig);
  CHECK(shortened(rig.channel.sent) == Log{"42[\"first\"]", "40{\"sid\":\"x\"}", "427[\"asks\"]",
                                           "437[\"answers\"]", "42[\"g\"]"});
  CHECK(rig.host.log.empty());
  CHECK(rig.host.meter.bytes() == 0);
}

TEST_CASE("drop-oldest keeps packets whole", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openWebSocket();
  rig.send(event("first"));
  block(rig);

  SECTION("whose parts come together") {
    const auto text = "51-[\"binary\"]" + kLong;
    const std::vector<Outgoing> parts{{.data = text}, {.binary = true, .data = "bytes"}};
    rig.session.send(parts, {}, rig.tick);
    rig.session.send(parts, {}, rig.tick);
    CHECK(rig.host.counted.dropped.read() == 2);
  }
  SECTION("whose parts come one after the other") {
    const Outgoing attachment{.binary = true, .data = "bytes"};
    for (int i = 0; i < 2; ++i) {
      rig.send("51-[\"binary\"]" + kLong);
      rig.session.send({&attachment, 1}, {}, rig.tick);
    }
    CHECK(rig.host.counted.dropped.read() == 2);
  }
  takeAll(rig);
  CHECK(shortened(rig.channel.sent) == Log{"42[\"first\"]", "451-[\"binary\"]", "binary bytes"});
}

TEST_CASE("drop-oldest keeps the attachments of a packet that has left", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openWebSocket();
  rig.send("52-[\"binary\"]");
  block(rig);
  const Outgoing attachment{.binary = true, .data = "bytes"};
  for (int i = 0; i < 2; ++i) rig.session.send({&attachment, 1}, {}, rig.tick);
  for (int i = 0; i < 5; ++i) rig.send(event("more"));
  takeAll(rig);
  CHECK(shortened(rig.channel.sent) ==
        Log{"452-[\"binary\"]", "binary bytes", "binary bytes", "42[\"more\"]"});
}

TEST_CASE("drop-oldest drops what is no packet of Socket.IO, too", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openWebSocket();
  rig.send("first");
  block(rig);
  const Outgoing bytes{.binary = true, .data = kLong};
  for (int i = 0; i < 3; ++i) {
    rig.send("text" + kLong);
    rig.session.send({&bytes, 1}, {}, rig.tick);
  }
  CHECK(rig.host.counted.dropped.read() == 5);
}

TEST_CASE("drop-oldest cuts a client off for what may not be dropped", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openWebSocket();
  rig.send(event("first"));
  block(rig);
  for (int i = 0; i < 4; ++i) rig.send("37[]" + kLong);
  CHECK(rig.host.log.empty());
  rig.pass(1s);
  CHECK(rig.host.log == Log{"close transport error: send timeout"});
  CHECK(rig.host.meter.bytes() == 0);
}

TEST_CASE("drop-oldest between polls", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openPolling();
  for (const auto* name : {"a", "b", "c", "d", "e", "f"}) rig.send(event(name));
  CHECK(rig.host.counted.dropped.read() == 3);
  Log answers;
  while (rig.session.queuedBytes() > 0) answers.push_back(rig.poll()->body);
  CHECK(shortened(answers) == Log{"42[\"a\"]", "42[\"e\"]", "42[\"f\"]"});
}

TEST_CASE("What is held back follows an upgrade", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openPolling();
  rig.send(event("first"));
  rig.send(event("held"));
  REQUIRE(rig.session.beginUpgrade(rig.channel, 900, rig.now));
  rig.frame(rig.channel, "2probe");
  rig.frame(rig.channel, "5");
  CHECK(shortened(rig.channel.sent) == Log{"3probe", "42[\"first\"]", "42[\"held\"]"});
}

TEST_CASE("What is held back is sent before the end", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  SECTION("of a WebSocket") {
    rig.openWebSocket();
    rig.send(event("first"));
    block(rig);
    rig.send(event("last"));
    rig.session.close(false, rig.now);
    CHECK(shortened(rig.channel.sent) == Log{"42[\"first\"]", "42[\"last\"]"});
    CHECK(rig.channel.closed);
  }
  SECTION("of polling") {
    rig.openPolling();
    rig.send(event("first"));
    rig.send(event("last"));
    rig.session.close(false, rig.now);
    CHECK(rig.poll()->body.find("42[\"last\"]") != std::string::npos);
  }
}

TEST_CASE("What is held back counts, and is marked", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropOldest));
  rig.openWebSocket();
  rig.session.watch(kMost / 2);
  rig.send(event("first"));
  block(rig);
  rig.send(event("second"));
  CHECK(rig.session.queuedBytes() > kMost + kLong.size());
  CHECK_FALSE(rig.session.writable());
  rig.session.mark();
  rig.send("2[\"third\"]", {.isVolatile = true});
  CHECK(rig.host.dropped == 1);
  rig.session.settle();
  rig.host.log.clear();
  takeAll(rig);
  CHECK(rig.host.log == Log{"drained 0", "drain 1"});
}

TEST_CASE("drop-volatile judges by the hard limit only", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDropVolatile));
  rig.openWebSocket();
  rig.send(event("first"));
  block(rig);
  rig.channel.queued = 4 * kMost - 10;
  rig.send("2[\"a\"]");
  rig.send("2[\"volatile\"]", {.isVolatile = true});
  rig.pass(5s);
  CHECK(rig.host.log.empty());
  CHECK(rig.host.dropped == 1);
  rig.channel.queued = 4 * kMost;
  rig.send("2[\"b\"]");
  CHECK(rig.host.log == Log{"close transport error: send queue limit exceeded"});
}

TEST_CASE("A client may have a policy of its own", "[session][slow-client]") {
  Rig rig(with(SlowClientPolicy::kDisconnect));
  rig.openWebSocket();
  rig.session.setSlowClient(SlowClientPolicy::kDropOldest, 2 * kMost);
  rig.send(event("first"));
  block(rig);
  for (int i = 0; i < 10; ++i) rig.send(event("x"));
  rig.pass(5s);
  CHECK(rig.host.log.empty());
  CHECK(rig.host.counted.dropped.read() == 7);

  SECTION("which ends: it is judged by what waits, and nothing more is dropped") {
    rig.session.setSlowClient(std::nullopt, 0);
    rig.send(event("y"));
    CHECK(rig.host.counted.dropped.read() == 7);
    rig.pass(1s);
    CHECK(rig.host.log == Log{"close transport error: send timeout"});
  }
  SECTION("which ends with the session") {
    rig.session.terminate();
    rig.session.setSlowClient(SlowClientPolicy::kDropVolatile, 5);
    CHECK(rig.host.log == Log{"close transport close"});
    CHECK(rig.host.meter.bytes() == 0);
  }
}
