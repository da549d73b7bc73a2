// WebTransportConnection: packets of a session on a stream, texts as engine.io reads them, and all
// the ways to its end.
#include "transport/channel/webtransport-connection.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "engine/settings.hpp"
#include "session/session-rig.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/fake-stream.hpp"

using namespace beastio;
using namespace beastio::transport;
using namespace beastio::transport::test;
using session::test::Log;

namespace {

/// One packet, short enough for a header of one byte.
std::string packet(std::string_view payload, bool binary = false) {
  const auto header = payload.size() | (binary ? 0x80U : 0U);
  return static_cast<char>(static_cast<std::uint8_t>(header)) + std::string(payload);
}

EngineOptions limitedTo(std::size_t maxHttpBufferSize) {
  EngineOptions options;
  options.maxHttpBufferSize = maxHttpBufferSize;
  return options;
}

struct Rig final : ConnectionHost {
  explicit Rig(EngineOptions options = {}) {
    host.values = *engine::settingsOf(options);
    environment.settings = engine::settingsOf(options);
    stream = std::make_shared<FakeStream>();
    connection = std::make_shared<WebTransportConnection>(environment, *this, stream);
  }

  /// Opens a session; what follows is all that `written` shows.
  void open(std::string_view head = {}) {
    session.openOver(*connection, environment.now());
    start(&session, head);
    REQUIRE(stream->written.substr(1, 9) == "0{\"sid\":\"");
    stream->written.clear();
  }
  void start(session::Session* carried, std::string_view head = {}) {
    std::vector<std::uint8_t> bytes(head.begin(), head.end());
    connection->start(carried, bytes);
    endBatch();
  }
  void endBatch() {
    environment.flushAll();
    environment.emptyGraveyard();
  }
  void receive(std::string_view bytes) {
    stream->receive(bytes);
    endBatch();
  }
  void send(std::string_view data, bool binary = false) {
    const session::Outgoing part{.binary = binary, .data = data};
    session.send({&part, 1}, {}, 1);
  }
  void onGone(Connection& which) override {
    CHECK(&which == connection.get());
    gone = true;
    environment.bury(std::move(connection));
  }

  session::test::FakeHost host;
  Environment environment;
  std::shared_ptr<FakeStream> stream;
  session::Session session{host, {.place = 1, .generation = 1}, "abcdefghij0123456789", {}};
  std::shared_ptr<WebTransportConnection> connection;
  bool gone = false;
};

}  // namespace

TEST_CASE("A session's packets cross a WebTransport stream both ways", "[webtransport]") {
  Rig rig;
  rig.open(packet("4in the head") + packet("4cu"));
  rig.receive(packet("4hello") + packet("4b\xC3\xA4r") + packet(std::string("\0\1", 2), true));
  rig.receive(packet("bAAE=") + packet("4"));
  CHECK(rig.host.log == Log{"ascii in the head", "ascii cu", "ascii hello", "latin1 b\xC3\xA4r",
                            std::string("binary \0\1", 9), std::string("binary \0\1", 9),
                            "ascii "});
  rig.send("there");
  rig.send(std::string_view("\0\xFF", 2), true);
  rig.send({}, true);
  CHECK(rig.stream->writes == 1);  // of the handshake: a batch is one write
  rig.endBatch();
  CHECK(rig.stream->written == packet("4there") + packet({"\0\xFF", 2}, true) + "\x80");
  CHECK(rig.stream->writes == 2);
  CHECK(rig.session.transport() == TransportName::kWebTransport);
}

TEST_CASE("Every cut of the stream gives the same messages", "[webtransport]") {
  const std::string bytes = packet("4one") + packet("two", true) + packet("4three");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Rig rig;
    rig.open(bytes.substr(0, cut));
    if (cut < bytes.size()) rig.receive(bytes.substr(cut));
    if (rig.host.log != Log{"ascii one", "binary two", "ascii three"}) FAIL("cut at " << cut);
  }
}

TEST_CASE("Texts are read as a TextDecoder reads them", "[webtransport]") {
  Rig rig;
  rig.open();
  rig.receive(
      packet("\xEF\xBB\xBF"
             "4marked"));
  rig.receive(
      packet("4\xEF\xBB\xBF"
             "inside"));
  rig.receive(packet("4bad\xFF\xC3"));
  CHECK(rig.host.log ==
        Log{"ascii marked", "utf16 \xEF\xBB\xBFinside", "utf16 bad\xEF\xBF\xBD\xEF\xBF\xBD"});
}

TEST_CASE("A large message is sent by reference, after its header", "[webtransport]") {
  Rig rig(limitedTo(100'000));
  rig.open();
  const std::string medium(1'000, 'm');
  const std::string large(70'000, 'l');
  rig.send(medium);
  rig.send(large);
  rig.endBatch();
  CHECK(rig.stream->written == std::string("\x7E\x03\xE9", 3) + "4" + medium +
                                   std::string("\x7F\0\0\0\0\0\1\x11\x71", 9) + "4" + large);
}

TEST_CASE("A frame that is too long is told as such", "[webtransport]") {
  Rig rig(limitedTo(200));
  rig.open();
  rig.receive(GENERATE(std::string("\x7E\0\xC9", 3), std::string("\x7F\0\x20\0\0\0\0\0\0", 9)));
  CHECK(rig.host.log == Log{"close parse error: RangeError: Max payload size exceeded"});
  CHECK(rig.stream->shutDown);
}

TEST_CASE("What cannot be read ends the session with a parse error", "[webtransport]") {
  Rig rig(limitedTo(200));
  rig.open();
  const std::string bytes =
      GENERATE(std::string("\0", 1), std::string("\x80"), std::string("\x7E\0\0", 3), packet("x"),
               packet("\xEF\xBB\xBF"),
               packet("\xFF"
                      "4"));
  rig.receive(bytes + packet("4not read"));
  CHECK(rig.host.log == Log{"close parse error"});
  CHECK(rig.stream->shutDown);
  CHECK_FALSE(rig.stream->closed);  // the host ends the session after what was written
  rig.receive(packet("4nor this"));
  rig.stream->owner->onStreamClosed({});
  CHECK(rig.gone);
  CHECK(rig.host.log.size() == 1);
}

TEST_CASE("The end of the stream ends the session", "[webtransport]") {
  Rig rig;
  rig.open();
  SECTION("for whatever reason") {
    rig.stream->owner->onStreamClosed("reset");
    CHECK(rig.gone);
  }
  SECTION("in the peer's direction") {
    rig.stream->owner->onEnd();
    CHECK(rig.stream->shutDown);
    CHECK_FALSE(rig.gone);
  }
  rig.endBatch();
  CHECK(rig.host.log == Log{"close transport close"});
}

TEST_CASE("A close waits for what was sent, but not for ever", "[webtransport]") {
  Rig rig;
  rig.open();
  SECTION("nothing") {
    rig.session.close(false, rig.environment.now());
    CHECK(rig.stream->shutDown);
  }
  SECTION("what is to leave with this batch") {
    rig.send("last");
    rig.session.close(false, rig.environment.now());
    CHECK_FALSE(rig.stream->shutDown);
    rig.endBatch();
    CHECK(rig.stream->written == packet("4last"));
    CHECK(rig.stream->shutDown);
  }
  SECTION("what the peer does not read yet") {
    rig.stream->takes = 2;
    rig.send("last");
    rig.endBatch();
    rig.session.close(false, rig.environment.now());
    rig.endBatch();
    CHECK_FALSE(rig.stream->shutDown);
    if (GENERATE(true, false)) {
      rig.stream->unblock();
      CHECK(rig.stream->written == packet("4last"));
      CHECK(rig.stream->shutDown);
    } else {
      rig.environment.timers.run(rig.environment.now() + std::chrono::seconds(31));
      CHECK(rig.stream->closed);
      CHECK(rig.gone);
      rig.endBatch();
      return;
    }
  }
  CHECK(rig.host.log.back() == "close forced close");
  CHECK_FALSE(rig.stream->closed);
  rig.receive(packet("4too late"));
  CHECK(rig.host.log.back() == "close forced close");
  rig.environment.timers.run(rig.environment.now() + std::chrono::seconds(31));
  CHECK(rig.stream->closed);
  CHECK(rig.gone);
  rig.endBatch();
}

TEST_CASE("A slow stream blocks, drains and tells", "[webtransport]") {
  Rig rig;
  rig.open();
  rig.stream->takes = 3;
  rig.send("slowly");
  rig.session.mark();
  rig.endBatch();
  CHECK_FALSE(rig.session.writable());
  CHECK(rig.host.log.empty());
  rig.stream->unblock();
  CHECK(rig.stream->written == packet("4slowly"));
  CHECK(rig.session.writable());
  CHECK(rig.host.log == Log{"drain 1"});
}

TEST_CASE("A stream without a session is ended", "[webtransport]") {
  Rig rig;
  rig.start(nullptr, packet("4hello"));
  CHECK(rig.stream->written.empty());
  CHECK(rig.stream->shutDown);
  CHECK(rig.host.log.empty());
}

TEST_CASE("A candidate of an upgrade that breaks leaves its session alone", "[webtransport]") {
  Rig rig;
  session::test::FakeChannel webSocket;
  rig.session.openOver(webSocket, rig.environment.now());
  REQUIRE(rig.session.beginUpgrade(*rig.connection, 5, rig.environment.now()));
  rig.start(&rig.session, packet("2probe"));
  CHECK(rig.stream->written == packet("3probe"));
  rig.receive(std::string(1, '\0'));
  CHECK(rig.stream->shutDown);
  CHECK(rig.host.log == Log{"upgrading 5 to WebTransport", "abandoned 5"});
  CHECK_FALSE(rig.session.closed());
}
