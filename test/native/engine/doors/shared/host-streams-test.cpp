// Streams that the host has the clients of.
#include "engine/doors/shared/host-streams.hpp"

#include <catch2/catch.hpp>

#include "engine/doors/doors-rig.hpp"
#include "transport/stream/bridge-stream.hpp"

using namespace beastio;
using namespace beastio::engine;
using namespace beastio::engine::test;

namespace {

struct Owner final : transport::StreamOwner {
  void onBytes(protocol::MutableBytes bytes) override {
    log.push_back("bytes " + std::string(protocol::asText(bytes)));
  }
  void onWritable() override { log.emplace_back("writable"); }
  void onEnd() override { log.emplace_back("end"); }
  void onStreamClosed(std::string_view error) override {
    log.push_back("closed " + std::string(error));
  }

  Lines log;
};

}  // namespace

TEST_CASE("A bridge gets what the host sends to its id", "[host-streams]") {
  DoorsRig rig;
  Owner owner;
  const auto bridge = rig.streams.bridge(9);
  bridge->setOwner(owner);
  rig.streams.data(9, "hello");
  rig.streams.data(8, "of nobody");
  rig.streams.readEnd(9);
  rig.streams.end(9, "read ECONNRESET");
  rig.streams.data(9, "too late");
  CHECK(owner.log == Lines{"bytes hello", "end", "closed read ECONNRESET"});
}

TEST_CASE("A bridge waits for the host to drain it", "[host-streams]") {
  DoorsRig rig;
  Owner owner;
  const auto bridge = rig.streams.bridge(9);
  bridge->setOwner(owner);
  const std::string bytes(transport::HostStream::kWindowBytes + 1, 'x');
  const auto buffer = protocol::asBytes(bytes);
  CHECK(bridge->write({&buffer, 1}) == transport::HostStream::kWindowBytes);
  rig.streams.drain(9, 1);
  CHECK(owner.log == Lines{"writable"});
}

TEST_CASE("A bridge that is forgotten is not reached any more", "[host-streams]") {
  DoorsRig rig;
  Owner owner;
  const auto bridge = rig.streams.bridge(9);
  bridge->setOwner(owner);
  rig.streams.forget(9);
  rig.streams.data(9, "hello");
  CHECK(owner.log.empty());
}

TEST_CASE("A bridge has no TLS to be asked about", "[host-streams]") {
  DoorsRig rig;
  const auto bridge = rig.streams.bridge(9);
  CHECK_FALSE(rig.streams.askTls(9, [](TlsSession&) { FAIL("asked"); }));
  CHECK_FALSE(rig.streams.askTls(8, [](TlsSession&) { FAIL("asked"); }));
}
