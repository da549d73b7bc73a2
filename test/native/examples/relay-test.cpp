// The example of the C++ API: what one client sends reaches all of them.
#include "cpp-relay/relay.hpp"

#include <catch2/catch.hpp>

#include "engine/engine-rig.hpp"

using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;

TEST_CASE("The relay gives what one client sends to all of them", "[examples]") {
  Relay relay;
  const auto port = relay.listen(0).port;
  auto sender = Peer::connected(port, httpRequest("GET", "transport=websocket", kUpgradeLines));
  auto other = Peer::connected(port, httpRequest("GET", "transport=websocket", kUpgradeLines));
  for (auto* peer : {&sender, &other}) peer->readThrough("}");
  sender.send(frames::text("4hello") + frames::binary("\x01"));
  const auto expected = serverText("4hello") + serverFrame(0x2, "\x01");
  CHECK(sender.readExactly(expected.size()) == expected);
  CHECK(other.readExactly(expected.size()) == expected);
}

TEST_CASE("The relay tells why it cannot listen", "[examples]") {
  Relay relay;
  Relay second;
  const auto port = relay.listen(0).port;
  CHECK_THROWS_AS(second.listen(port), std::system_error);
}
