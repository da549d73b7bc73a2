// The steps of an upgrade, without a session.
#include "session/upgrade-probe.hpp"

#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio::session;
using namespace beastio::session::test;
using Action = UpgradeProbe::Action;

namespace {

constexpr UpgradeProbe::TimePoint kStart{1h};

struct ProbeRig {
  FakeChannel channel;
  UpgradeProbe probe{channel, 9, kStart + 10s};
};

}  // namespace

TEST_CASE("A probe is answered, and the upgrade committed", "[upgrade-probe]") {
  ProbeRig rig;
  CHECK(rig.probe.next() == kStart + 10s);
  CHECK(rig.probe.onText("2probe", kStart) == Action::kAnswerProbe);
  CHECK(rig.probe.onText("5", kStart + 1s) == Action::kCommit);
}

TEST_CASE("Polls are ended at an interval once the probe is answered", "[upgrade-probe]") {
  ProbeRig rig;
  CHECK(rig.probe.onTimer(kStart + 5s) == Action::kNone);
  rig.probe.onText("2probe", kStart + 5s);
  CHECK(rig.probe.next() == kStart + 5s + UpgradeProbe::kNoopInterval);
  CHECK(rig.probe.onTimer(kStart + 5s + 99ms) == Action::kNone);
  CHECK(rig.probe.onTimer(kStart + 5s + 100ms) == Action::kSendNoop);
  CHECK(rig.probe.next() == kStart + 5s + 200ms);
}

TEST_CASE("An upgrade that takes too long is given up", "[upgrade-probe]") {
  ProbeRig rig;
  const bool isAnswered = GENERATE(false, true);
  if (isAnswered) rig.probe.onText("2probe", kStart);
  CHECK(rig.probe.onTimer(kStart + 10s) == Action::kAbandon);
}

TEST_CASE("Anything else gives the upgrade up", "[upgrade-probe]") {
  ProbeRig rig;
  const auto text = GENERATE(as<std::string>(), "2", "2prob", "3probe", "4probe", "1", "", "x");
  CHECK(rig.probe.onText(text, kStart) == Action::kAbandon);
}

TEST_CASE("A client may not probe for ever", "[upgrade-probe]") {
  ProbeRig rig;
  for (unsigned i = 0; i < UpgradeProbe::kMaxProbes; ++i) {
    REQUIRE(rig.probe.onText("2probe", kStart) == Action::kAnswerProbe);
  }
  CHECK(rig.probe.onText("2probe", kStart) == Action::kAbandon);
}
