// BridgeStream: the window towards the host's stream, pausing, and both ends.
#include "transport/stream/bridge-stream.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "beastio/options.hpp"
#include "engine/settings.hpp"
#include "support/recording-handler.hpp"
#include "transport/loop/settings.hpp"

using namespace beastio;
using namespace beastio::test;
using namespace beastio::transport;

namespace {

using Lines = std::vector<std::string>;

constexpr auto kTold = BridgeStream::kToldBytes;

std::string told(std::size_t bytes) { return "stream taken 5 " + std::to_string(bytes); }

/// A host that keeps what it is told until it has handled it.
struct KeepingHandler final : RecordingHandler {
  Kept value;
  Kept kept() const override { return value; }
};

struct Owner final : StreamOwner {
  Lines log;
  KeepingHandler* host = nullptr;

  void onBytes(protocol::MutableBytes bytes) override {
    if (host != nullptr) host->value.bytes += bytes.size();
    log.push_back("bytes " + std::string(protocol::asText(bytes)));
  }
  void onWritable() override { log.emplace_back("writable"); }
  void onEnd() override { log.emplace_back("end"); }
  void onStreamClosed(std::string_view error) override {
    log.push_back("closed " + std::string(error));
  }
};

struct Rig {
  Environment environment;
  KeepingHandler handler;
  Owner owner;
  std::shared_ptr<BridgeStream> stream =
      std::make_shared<BridgeStream>(environment, handler, RequestId{5});

  Rig() {
    environment.settings = engine::settingsOf(EngineOptions{});
    environment.host = &handler;
    owner.host = &handler;
    stream->setOwner(owner);
  }
  std::size_t write(std::string_view bytes) {
    const auto buffer = protocol::asBytes(bytes);
    return stream->write({&buffer, 1});
  }
};

}  // namespace

TEST_CASE("Bytes cross the bridge in both directions", "[bridge]") {
  Rig rig;
  rig.stream->onHostData("hello");
  CHECK(rig.owner.log == Lines{"bytes hello"});
  CHECK(rig.write("world") == 5);
  CHECK(rig.handler.written(5) == "world");
}

TEST_CASE("A full window blocks until the host's stream has taken enough", "[bridge]") {
  Rig rig;
  const std::string half(BridgeStream::kWindowBytes / 2, 'x');
  CHECK(rig.write(half) == half.size());
  CHECK(rig.write(half + "y") == half.size());  // what fits of it
  CHECK(rig.write("y") == 0);
  CHECK(rig.owner.log.empty());
  rig.stream->onHostDrain(1);
  CHECK(rig.owner.log == Lines{"writable"});
  CHECK(rig.write("z") == 1);
  rig.stream->onHostDrain(1);
  rig.stream->onHostDrain(1'000'000'000);  // more than was written is no harm
  CHECK(rig.owner.log.size() == 1);        // nobody was blocked
}

TEST_CASE("The host is told of what was taken, in pieces", "[bridge]") {
  Rig rig;
  rig.stream->onHostData(std::string(kTold - 1, 'x'));
  CHECK(rig.handler.lines().empty());
  rig.stream->onHostData("yz");
  CHECK(rig.handler.lines() == Lines{told(kTold + 1)});
  SECTION("and of nothing while its client is not to be read") {
    rig.stream->pause(true);
    rig.stream->onHostData(std::string(kTold, 'x'));
    rig.stream->onHostData("y");
    CHECK(rig.handler.lines().size() == 1);
    rig.stream->pause(false);
    CHECK(rig.handler.lines() == Lines{told(kTold + 1), told(kTold + 1)});
  }
  SECTION("and of nothing when it is closed") {
    rig.stream->close();
    rig.stream->onHostData(std::string(kTold, 'x'));
    CHECK(rig.handler.lines().back() == "stream end 5 now");
  }
}

TEST_CASE("A host that cannot keep up is told of nothing", "[bridge]") {
  Rig rig;
  rig.environment.setInboxFull();
  rig.stream->onHostData("a");
  rig.stream->onHostData(std::string(kTold, 'b'));  // already on its way
  CHECK(rig.owner.log == Lines{"bytes a", "bytes " + std::string(kTold, 'b')});
  CHECK(rig.handler.lines().empty());
  SECTION("until it can") {
    rig.environment.resumeReading();
    CHECK(rig.handler.lines() == Lines{told(kTold + 1)});
    rig.environment.resumeReading();
    CHECK(rig.handler.lines().size() == 1);
  }
  SECTION("nor then, if its client is not to be read") {
    rig.stream->pause(true);
    rig.environment.resumeReading();
    CHECK(rig.handler.lines().empty());
    rig.stream->pause(false);
    CHECK(rig.handler.lines() == Lines{told(kTold + 1)});
  }
}

TEST_CASE("A stream that has told its share pauses, and others go on", "[bridge]") {
  Rig rig;
  const std::string half(EngineOptions{}.maxInboxBytesPerClient / 2, 'x');
  rig.stream->onHostData(half);
  rig.stream->onHostData(half);
  const Lines both{told(half.size()), told(half.size())};
  CHECK(rig.handler.lines() == both);
  CHECK_FALSE(rig.stream->isDeferred());
  SECTION("when it is more than that") {
    rig.stream->onHostData(half);
    CHECK(rig.handler.lines() == both);
    CHECK(rig.stream->isDeferred());
    CHECK(rig.environment.takeNewlyDeferred());
    CHECK_FALSE(rig.environment.isInboxFull());
  }
  SECTION("but not for what the host has handled") {
    ++rig.handler.value.batches;
    rig.stream->onHostData("y");
    CHECK_FALSE(rig.stream->isDeferred());
  }
  SECTION("nor for what the host need not know") {
    rig.owner.host = nullptr;
    rig.environment.setInboxFull();
    rig.stream->onHostData("y");
    CHECK_FALSE(rig.stream->isDeferred());
  }
}

TEST_CASE("A paused stream that is gone is not resumed", "[bridge]") {
  Rig rig;
  rig.environment.setInboxFull();
  rig.stream->onHostData(std::string(kTold, 'x'));
  SECTION("closed") {
    rig.stream->close();
    rig.environment.resumeReading();
    CHECK(rig.handler.lines() == Lines{"stream end 5 now"});
  }
  SECTION("destroyed") {
    rig.stream.reset();
    rig.environment.resumeReading();
    CHECK(rig.handler.lines().empty());
  }
}

TEST_CASE("Ending and closing a bridged stream reach the host", "[bridge]") {
  Rig rig;
  SECTION("after what was written, reading on") {
    rig.stream->shutdownWrite();
    rig.stream->shutdownWrite();
    CHECK(rig.write("late") == 0);
    rig.stream->onHostData("still");
    CHECK(rig.owner.log == Lines{"bytes still"});
    CHECK(rig.handler.lines() == Lines{"stream end 5"});
    rig.stream->close();
    CHECK(rig.handler.lines() == Lines{"stream end 5", "stream end 5 now"});
  }
  SECTION("at once") {
    rig.stream->close();
    rig.stream->close();
    rig.stream->shutdownWrite();
    CHECK(rig.handler.lines() == Lines{"stream end 5 now"});
    rig.stream->onHostData("late");
    rig.stream->onHostDrain(1);
    rig.stream->onHostEnd("late");
    CHECK(rig.owner.log.empty());
  }
}

TEST_CASE("A stream that has been read to its end is closed after what was written", "[bridge]") {
  Rig rig;
  rig.stream->onHostReadEnd();
  CHECK(rig.owner.log == Lines{"end"});
  CHECK(rig.write("goodbye") == 7);
  SECTION("normally") {
    rig.stream->close();
    CHECK(rig.handler.lines() == Lines{"stream end 5"});
  }
  SECTION("unless it does not take it") {
    const std::string window(BridgeStream::kWindowBytes, 'x');
    CHECK(rig.write(window) < window.size());
    rig.stream->close();
    CHECK(rig.handler.lines() == Lines{"stream end 5 now"});
  }
  rig.stream->onHostReadEnd();
  CHECK(rig.owner.log == Lines{"end"});
}

TEST_CASE("The end of the host's stream reaches the owner", "[bridge]") {
  Rig rig;
  rig.stream->onHostEnd("read ECONNRESET");
  CHECK(rig.owner.log == Lines{"closed read ECONNRESET"});
  rig.stream->onHostEnd({});
  rig.stream->onHostData("late");
  CHECK(rig.write("late") == 0);
  rig.stream->close();
  CHECK(rig.owner.log.size() == 1);
  CHECK(rig.handler.lines().empty());
}
