// Handshakes, polls and posts on their way to a session.
#include "engine/doors/shared/polling-requests.hpp"

#include <catch2/catch.hpp>

#include "engine/doors/doors-rig.hpp"

using namespace beastio;
using namespace beastio::engine;
using namespace beastio::engine::test;

namespace {

/// Serves a request as a door does once it is verified.
std::shared_ptr<Answer> serve(DoorsRig& rig, const Request& request, const Entrance& entrance) {
  std::shared_ptr<Answer> answer;
  const auto verdict = rig.admission.verify(request);
  REQUIRE_FALSE(verdict.refusal);
  rig.polling.serve(request, verdict.accepted, entrance, rig.exchange(answer, entrance.request));
  return answer;
}

const std::string kPoll = "transport=polling&sid=chosen";

}  // namespace

TEST_CASE("A request without a sid opens a session", "[polling-requests]") {
  DoorsRig rig;
  const auto answer =
      serve(rig, DoorsRig::request("transport=polling"), {.request = 1, .sid = "chosen"});
  CHECK(answer->body.starts_with("0{\"sid\":\"chosen\""));
  CHECK(rig.sessions.size() == 1);

  SECTION("but not under a sid that is taken") {
    const auto twin =
        serve(rig, DoorsRig::request("transport=polling"), {.request = 2, .sid = "chosen"});
    CHECK(twin->status == 400);
    CHECK(rig.handler.lines() == Lines{"open polling", "refused 2 Bad request"});
  }
  SECTION("and others reach it") {
    auto post = DoorsRig::request(kPoll, "POST");
    post.body = "4hello";
    CHECK(serve(rig, post, {.request = 3})->body == "ok");
    CHECK(rig.host.log == Lines{"ascii hello"});
    CHECK(serve(rig, DoorsRig::request(kPoll, "PUT"), {.request = 4})->status == 500);
  }
  SECTION("and the end of the client of a poll ends it") {
    const auto poll = serve(rig, DoorsRig::request(kPoll), {.request = 5});
    rig.polling.abort(99);
    CHECK(rig.host.log.empty());
    rig.polling.abort(5);
    CHECK(rig.host.log == Lines{"close transport error: poll connection closed prematurely"});
    CHECK(poll->gone);
  }
}

TEST_CASE("A request of a protocol that is not served is refused", "[polling-requests]") {
  DoorsRig rig;
  Request request{.method = "GET", .target = "/engine.io/?EIO=3&transport=polling"};
  const auto answer = serve(rig, request, {.request = 1});
  CHECK(answer->body == R"({"code":5,"message":"Unsupported protocol version"})");
  CHECK(rig.sessions.size() == 0);
}

TEST_CASE("An exchange forgets its poll when it goes", "[polling-requests]") {
  struct Exchange final : PollingExchange {
    using PollingExchange::PollingExchange;
    void respond(const Reply&) override {}
  };
  Polls polls{{1, {}}, {2, {}}};
  { const Exchange exchange(polls, 1); }
  CHECK(polls.size() == 1);
  CHECK(polls.contains(2));
}
