// Bodies of POSTs that are still coming, and the sessions that they are for.
#include "engine/doors/port/open-posts.hpp"

#include <catch2/catch.hpp>

#include "engine/doors/doors-rig.hpp"

using namespace beastio;
using namespace beastio::engine;
using namespace beastio::engine::test;

TEST_CASE("A session has one body at a time", "[open-posts]") {
  DoorsRig rig;
  auto& session = rig.open({}, {}, TransportName::kPolling)->session;
  OpenPosts posts(rig.sessions);
  REQUIRE(posts.begin(1, session));
  CHECK(posts.begin(1, session));

  SECTION("which may end") {
    posts.end(1, false);
    CHECK(posts.begin(2, session));
    CHECK(rig.host.log.empty());
  }
  SECTION("and ends for a second one") {
    CHECK_FALSE(posts.begin(2, session));
    CHECK(rig.host.log == Lines{"close transport error: data request overlap from client"});
  }
  SECTION("and ends when it is cut") {
    posts.end(1, true);
    CHECK(rig.host.log ==
          Lines{"close transport error: data request connection closed prematurely"});
  }
  SECTION("which is forgotten once") {
    CHECK(posts.forget(1));
    CHECK_FALSE(posts.forget(1));
  }
}
