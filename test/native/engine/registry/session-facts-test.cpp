#include "engine/registry/session-facts.hpp"

#include <catch2/catch.hpp>

using namespace beastio;
using engine::SessionFacts;
using std::chrono::microseconds;

TEST_CASE("Facts belong to one session of a slot", "[session-facts]") {
  SessionFacts facts;
  const SessionId first{.place = 5, .generation = 1};
  const SessionId second{.place = 5, .generation = 2};
  CHECK_FALSE(facts.roundTrip(first));
  CHECK(facts.balance(first) == 0);
  facts.setRoundTrip(first, microseconds(1234));
  facts.setBalance(first, -99);
  CHECK(facts.roundTrip(first) == microseconds(1234));
  CHECK(facts.balance(first) == -99);
  CHECK_FALSE(facts.roundTrip(second));
  CHECK(facts.balance(second) == 0);
  facts.setBalance(second, 7);
  CHECK_FALSE(facts.roundTrip(second));
  CHECK(facts.balance(second) == 7);
  CHECK_FALSE(facts.roundTrip(first));
  CHECK(facts.balance(first) == 0);
}

TEST_CASE("Facts of distant slots stand apart", "[session-facts]") {
  SessionFacts facts;
  const SessionId last{.place = (1U << SessionId::kSlotBits) - 1, .generation = 1};
  facts.setRoundTrip(last, microseconds(0));
  CHECK(facts.roundTrip(last) == microseconds(0));
  CHECK_FALSE(facts.roundTrip({.place = 0, .generation = 1}));
}
