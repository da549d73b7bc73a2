// An engine that listens on a unix socket.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <system_error>

#include "engine/engine-rig.hpp"
#include "support/temporary-folder.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;
namespace frames = beastio::protocol::test;
namespace fs = std::filesystem;

TEST_CASE("Sessions come by a unix socket", "[engine][unix]") {
  const TemporaryFolder folder;
  const auto path = folder.pathOf("engine.sock");
  EngineRig rig(withThreads(2));
  std::error_code error;
  const auto bound = rig.engine->listen({.unixPath = path}, error);
  REQUIRE(bound);
  CHECK(bound->address.empty());
  CHECK(bound->port == 0);
  auto peer = Peer::connectedTo(path);
  rig.openWebSocket(peer);
  const auto opened = rig.handler.awaitOpened(0);
  CHECK(opened.peer.address.empty());
  peer.send(frames::text("4hello"));
  CHECK(rig.handler.awaitLine("text hello"));
  rig.send(opened.id, "to you");
  CHECK(peer.readExactly(9) == serverText("4to you"));
  auto polling = Peer::connectedTo(path);
  CHECK(rig.openPolling(polling).size() == 20);

  rig.engine->closePort();
  CHECK_FALSE(fs::exists(path));
  CHECK_THROWS(Peer::connectedTo(path));
  CHECK(rig.engine->listen({.unixPath = path}, error));
  CHECK(fs::is_socket(path));
  rig.engine.reset();
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("A unix socket whose name is taken is an error", "[engine][unix]") {
  const TemporaryFolder folder;
  const auto path = folder.pathOf("engine.sock");
  std::error_code error;
  EngineRig rig;
  SECTION("by a file that nobody serves any more") {
    folder.write("engine.sock", {});
    CHECK_FALSE(rig.engine->listen({.unixPath = path}, error));
    CHECK(error == std::errc::address_in_use);
    CHECK(fs::exists(path));
  }
  SECTION("by another engine") {
    EngineRig other;
    REQUIRE(other.engine->listen({.unixPath = path}, error));
    CHECK_FALSE(rig.engine->listen({.unixPath = path}, error));
    CHECK(error == std::errc::address_in_use);
    CHECK(Peer::connectedTo(path).send("GET"));
  }
  CHECK(rig.engine->listen({.host = "127.0.0.1"}, error));
}
