// TcpStream over a socket pair, driven by the test: reading in bursts, pausing, blocking writes,
// half ends, and giving the descriptor away.
#include "transport/stream/tcp-stream.hpp"

#include <fcntl.h>

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "beastio/options.hpp"
#include "engine/settings.hpp"
#include "support/peer.hpp"
#include "support/recording-handler.hpp"
#include "support/run-ready.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/carrier.hpp"

using namespace beastio;
using namespace beastio::test;
using namespace beastio::transport;

namespace {

/// A host that keeps what it is told until it has handled it.
struct KeepingHandler final : RecordingHandler {
  Kept value;
  Kept kept() const override { return value; }
};

struct Owner final : StreamOwner {
  KeepingHandler* host = nullptr;  // is told all
  std::string received;
  int deliveries = 0;
  int writable = 0;
  int ends = 0;
  std::size_t inflated = 0;  // what each delivery makes of its bytes besides
  Environment* environment = nullptr;
  std::vector<std::string> closed;

  void onBytes(protocol::MutableBytes bytes) override {
    ++deliveries;
    received += protocol::asText(bytes);
    if (host != nullptr) host->value.bytes += bytes.size();
    if (environment != nullptr) environment->bytesRead += inflated;
  }
  void onWritable() override { ++writable; }
  void onEnd() override { ++ends; }
  void onStreamClosed(std::string_view error) override { closed.emplace_back(error); }
};

using From = TcpStream::From;

struct Rig {
  Environment environment;
  KeepingHandler host;
  std::pair<Peer, int> ends = Peer::pair();
  Peer& peer = ends.first;
  std::shared_ptr<TcpStream> stream =
      TcpStream::fromDescriptor(environment, ends.second, From::kHost);
  Owner owner;

  Rig() {
    environment.settings = engine::settingsOf(EngineOptions{});
    environment.host = &host;
    stream->setOwner(owner);
  }
  /// Runs all that is ready.
  void turn() { runReady(environment); }
  std::size_t write(std::string_view bytes) {
    const auto buffer = protocol::asBytes(bytes);
    return stream->write({&buffer, 1});
  }
  /// Writes until the socket takes no more; returns how much that was.
  std::size_t fill() {
    const std::string block(64 * 1024, 'f');
    std::size_t total = 0;
    for (;;) {
      const auto count = write(block);
      total += count;
      if (count < block.size()) return total;
    }
  }
};

}  // namespace

TEST_CASE("TcpStream pushes what arrives and writes at once", "[tcp]") {
  Rig rig;
  rig.peer.send("hello");
  rig.turn();
  CHECK(rig.owner.received == "hello");
  CHECK(rig.write("world") == 5);
  CHECK(rig.peer.available() == "world");
}

TEST_CASE("TcpStream joins a burst", "[tcp]") {
  Rig rig;
  std::string burst;
  for (int i = 0; i < 10'000; ++i) burst += std::to_string(i);
  rig.peer.send(burst);
  rig.turn();
  CHECK(rig.owner.received == burst);
  CHECK(rig.owner.deliveries <= 3);
}

TEST_CASE("TcpStream reads no further in a turn that has brought enough", "[tcp]") {
  Rig rig;
  rig.owner.environment = &rig.environment;
  rig.owner.inflated = Environment::kMaxBytesPerTurn;
  const std::string burst(2 * Environment::kReadBufferBytes, 'x');
  rig.peer.send(burst);
  runReady(rig.environment, 1);
  CHECK(rig.owner.deliveries == 1);
  rig.environment.bytesRead = 0;  // the next turn
  rig.turn();
  CHECK(rig.owner.received == burst);
}

TEST_CASE("A full host is told no more than a small piece by each stream", "[tcp]") {
  Rig rig;
  rig.owner.host = &rig.host;
  rig.environment.setInboxFull();
  rig.peer.send(std::string(100'000, 'x'));
  rig.turn();
  CHECK(rig.owner.received.size() == Environment::kSmallReadBytes);
  CHECK(rig.stream->isDeferred());
  CHECK(rig.environment.takeNewlyDeferred());
  rig.turn();
  CHECK(rig.owner.received.size() == Environment::kSmallReadBytes);
  rig.environment.resumeReading();
  rig.turn();
  CHECK(rig.owner.received.size() == 100'000);
  CHECK_FALSE(rig.stream->isDeferred());
}

TEST_CASE("A full host does not keep streams from being read that do not concern it", "[tcp]") {
  Rig rig;
  rig.environment.setInboxFull();
  rig.peer.send(std::string(100'000, 'x'));
  rig.turn();
  CHECK(rig.owner.received.size() == 100'000);
  CHECK_FALSE(rig.environment.takeNewlyDeferred());
}

TEST_CASE("A stream is read up to its share of what the host keeps", "[tcp]") {
  Rig rig;
  EngineOptions options;
  options.maxInboxBytesPerClient = 100'000;
  rig.environment.settings = engine::settingsOf(options);
  rig.owner.host = &rig.host;
  rig.peer.send(std::string(60'000, 'x'));
  rig.turn();
  CHECK_FALSE(rig.stream->isDeferred());
  SECTION("and then no further") {
    rig.peer.send(std::string(60'000, 'x'));
    rig.turn();
    CHECK(rig.stream->isDeferred());
    rig.peer.send("unread");
    rig.turn();
    CHECK(rig.owner.received.size() == 120'000);
    CHECK_FALSE(rig.environment.isInboxFull());
    SECTION("until the host has handled it") {
      ++rig.host.value.batches;
      rig.environment.resumeReading();
      rig.turn();
      CHECK(rig.owner.received.ends_with("unread"));
      CHECK_FALSE(rig.stream->isDeferred());
    }
    SECTION("unless it is gone by then") {
      rig.stream->close();
      rig.environment.resumeReading();
      rig.turn();
      CHECK(rig.owner.received.size() == 120'000);
    }
  }
  SECTION("which begins anew with each batch that the host has handled") {
    ++rig.host.value.batches;
    rig.peer.send(std::string(60'000, 'x'));
    rig.turn();
    CHECK_FALSE(rig.stream->isDeferred());
  }
}

TEST_CASE("TcpStream tells when a blocked write may go on", "[tcp]") {
  Rig rig;
  const auto filled = rig.fill();
  CHECK(rig.write("x") == 0);
  rig.turn();
  CHECK(rig.owner.writable == 0);
  CHECK(rig.peer.available().size() == filled);
  rig.turn();
  CHECK(rig.owner.writable == 1);
  CHECK(rig.write("x") == 1);
}

TEST_CASE("A peer that ends its own direction can still be written to", "[tcp]") {
  Rig rig;
  const auto filled = rig.fill();
  rig.peer.send("last");
  rig.peer.shutdownWrite();
  rig.turn();
  CHECK(rig.owner.received == "last");
  CHECK(rig.owner.ends == 1);
  CHECK(rig.owner.closed.empty());
  CHECK(rig.peer.available().size() == filled);
  rig.turn();
  CHECK(rig.owner.writable == 1);
  CHECK(rig.write("answer") == 6);
  CHECK(rig.peer.available() == "answer");
  rig.stream->close();
  CHECK(rig.peer.readAll().empty());
  CHECK(rig.peer.ended());
  rig.turn();
  CHECK(rig.owner.ends == 1);
}

TEST_CASE("A failed write is told later, and once", "[tcp]") {
  Rig rig;
  rig.peer.close();
  CHECK(rig.write("x") == 0);
  CHECK(rig.write("x") == 0);
  CHECK(rig.owner.closed.empty());
  rig.turn();
  CHECK(rig.owner.closed.size() <= 1);
  CHECK(rig.owner.closed.size() + static_cast<std::size_t>(rig.owner.ends) >= 1);
}

TEST_CASE("Ending our direction lets the peer go on", "[tcp]") {
  Rig rig;
  rig.write("bye");
  rig.stream->shutdownWrite();
  CHECK(rig.peer.readAll() == "bye");
  rig.peer.send("answer");
  rig.turn();
  CHECK(rig.owner.received == "answer");
}

TEST_CASE("A closed stream calls its owner no more", "[tcp]") {
  Rig rig;
  rig.peer.send("unread");
  rig.stream->close();
  rig.turn();
  CHECK(rig.owner.received.empty());
  CHECK(rig.write("x") == 0);
  CHECK(rig.owner.closed.empty());
  CHECK_FALSE(rig.peer.send("x"));
}

TEST_CASE("A released descriptor goes on elsewhere", "[tcp]") {
  Rig rig;
  rig.turn();
  const int descriptor = rig.stream->release().descriptor.release();
  REQUIRE(descriptor == rig.ends.second);
  rig.peer.send("for the next");
  rig.turn();
  CHECK(rig.owner.received.empty());

  Owner next;
  const auto stream = TcpStream::fromDescriptor(rig.environment, descriptor, From::kHost);
  stream->setOwner(next);
  rig.turn();
  CHECK(next.received == "for the next");
  stream->close();
  rig.turn();
}

TEST_CASE("A stream that waits has no byte under way", "[tcp]") {
  Rig rig;
  rig.turn();
  rig.peer.send("all of it");  // ready to be read, and never read here
  const int descriptor = rig.stream->release().descriptor.release();
  rig.turn();
  CHECK(rig.owner.received.empty());
  Owner next;
  const auto stream = TcpStream::fromDescriptor(rig.environment, descriptor, From::kHost);
  stream->setOwner(next);
  rig.turn();
  CHECK(next.received == "all of it");
  stream->close();
  rig.turn();
}

TEST_CASE("A stream of the listener reads what came with its connection, and what comes later",
          "[tcp]") {
  Environment environment;
  auto [peer, descriptor] = Peer::pair();
  Owner owner;
  const auto stream = TcpStream::fromDescriptor(environment, descriptor, From::kListener);
  const auto turn = [&environment] { runReady(environment); };
  SECTION("with bytes") {
    peer.send("GET ");
    stream->setOwner(owner);
    CHECK(owner.received.empty());  // not under the feet of an owner that is only just taking it
    turn();
    CHECK(owner.received == "GET ");
  }
  SECTION("without") {
    stream->setOwner(owner);
    turn();
    CHECK(owner.deliveries == 0);
  }
  peer.send("later");
  turn();
  CHECK(owner.received.ends_with("later"));
  stream->close();
  turn();
}

TEST_CASE("What is no socket is closed, and its owner told", "[tcp]") {
  Environment environment;
  const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(file >= 0);
  const auto stream = TcpStream::fromDescriptor(environment, file, From::kHost);
  Owner owner;
  stream->setOwner(owner);
  CHECK(owner.closed.empty());
  runReady(environment);
  CHECK(owner.closed.size() == 1);
  CHECK(::fcntl(file, F_GETFD) == -1);
}
