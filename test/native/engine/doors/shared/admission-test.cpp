// Who gets in, and what the others are told.
#include "engine/doors/shared/admission.hpp"

#include <catch2/catch.hpp>

#include "engine/doors/doors-rig.hpp"

using namespace beastio;
using namespace beastio::engine;
using namespace beastio::engine::test;

TEST_CASE("A session is opened under a sid of its own making", "[admission]") {
  DoorsRig rig;
  Client* client = rig.open({.request = 7}, {}, TransportName::kPolling);
  REQUIRE(client != nullptr);
  CHECK(client->session.sid().size() == kSidLength);
  CHECK(rig.sessions.find(client->session.sid()) == client);
  const auto opened = rig.handler.awaitOpened(0);
  CHECK(opened.id == client->session.id());
  CHECK(opened.request == 7);
}

TEST_CASE("A sid that the host chose is given once", "[admission]") {
  DoorsRig rig;
  const Entrance entrance{.request = 1, .sid = "chosen"};
  Client* client = rig.open(entrance, {}, TransportName::kWebSocket);
  REQUIRE(client != nullptr);
  CHECK(client->session.sid() == "chosen");
  CHECK(rig.open(entrance, {}, TransportName::kWebSocket) == nullptr);
  CHECK(rig.handler.lines() == Lines{"open websocket"});
}

TEST_CASE("Only what opens on the attached door is told before answers leave", "[admission]") {
  DoorsRig rig;
  const OwnRequest own;
  rig.open({.own = &own}, {}, TransportName::kPolling);
  CHECK_FALSE(rig.admission.takeOpened());
  rig.open({.request = 1}, {}, TransportName::kPolling);
  CHECK(rig.admission.takeOpened());
  CHECK_FALSE(rig.admission.takeOpened());
}

TEST_CASE("A request is verified against the sessions that there are", "[admission]") {
  DoorsRig rig;
  const auto request = DoorsRig::request("transport=polling&sid=known");
  const auto before = rig.admission.verify(request);
  REQUIRE(before.refusal);
  CHECK(before.refusal->error == RequestError::kUnknownSid);
  rig.open({.sid = "known"}, {}, TransportName::kPolling);
  const auto after = rig.admission.verify(request);
  CHECK_FALSE(after.refusal);
  CHECK(after.accepted.sid == "known");
}

TEST_CASE("A refusal is told to the handler, and answers the request", "[admission]") {
  EngineOptions options;
  options.port.reportRefusals = GENERATE(true, false);
  DoorsRig rig(options);
  const session::Refusal refusal{RequestError::kUnknownSid, {}, "x"};
  std::shared_ptr<Answer> answer;
  const auto exchange = rig.exchange(answer);

  SECTION("always on the attached door") {
    rig.admission.refuse(refusal, {.request = 3}, *exchange);
    CHECK(rig.handler.lines() == Lines{"refused 3 Session ID unknown"});
  }
  SECTION("if it is wanted on the own port") {
    const OwnRequest own;
    rig.admission.refuse(refusal, {.own = &own}, *exchange);
    CHECK(rig.handler.lines().size() == (options.port.reportRefusals ? 1 : 0));
  }
  CHECK(answer->status == 400);
  CHECK(answer->body == R"({"code":1,"message":"Session ID unknown"})");
  CHECK(answer->type == ContentType::kJson);
}
