#include "session/sending/send-watch.hpp"

#include <catch2/catch.hpp>

using beastio::session::SendWatch;
using Change = SendWatch::Change;

TEST_CASE("A client is slow beyond the mark until it has taken all", "[send-watch]") {
  SendWatch watch;
  watch.setHighWaterMark(100);
  CHECK(watch.onQueue(0) == Change::kNone);
  CHECK(watch.onQueue(100) == Change::kNone);
  CHECK(watch.onQueue(101) == Change::kSlow);
  CHECK(watch.onQueue(500) == Change::kNone);
  CHECK(watch.onQueue(1) == Change::kNone);
  CHECK(watch.onQueue(101) == Change::kNone);
  CHECK(watch.onQueue(0) == Change::kDrained);
  CHECK(watch.onQueue(0) == Change::kNone);
  CHECK(watch.onQueue(101) == Change::kSlow);
}

TEST_CASE("Nobody is slow without a mark", "[send-watch]") {
  SendWatch watch;
  CHECK(watch.onQueue(1'000'000) == Change::kNone);
  CHECK(watch.onQueue(0) == Change::kNone);
}

TEST_CASE("A slow client is told drained although the mark was taken away", "[send-watch]") {
  SendWatch watch;
  watch.setHighWaterMark(1);
  CHECK(watch.onQueue(2) == Change::kSlow);
  watch.setHighWaterMark(0);
  CHECK(watch.onQueue(0) == Change::kDrained);
  CHECK(watch.onQueue(2) == Change::kNone);
}

TEST_CASE("The balance and what the host has counted make up what waits", "[send-watch]") {
  SendWatch watch;
  watch.onCounted(10);
  CHECK(watch.balance() == -10);
  watch.onQueue(12);  // with a header
  CHECK(watch.balance() + 10 == 12);
  watch.onCounted(1000);
  watch.onQueue(0);
  CHECK(watch.balance() + 1010 == 0);
}

TEST_CASE("A watch asks once to be told of", "[send-watch]") {
  SendWatch watch;
  CHECK_FALSE(watch.askToTell());
  CHECK(watch.askToTell());
  watch.told();
  CHECK_FALSE(watch.askToTell());
}
