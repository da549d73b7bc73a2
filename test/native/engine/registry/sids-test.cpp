// Sids and the threads that they lead to.
#include "engine/registry/sids.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <set>

using namespace beastio;
using namespace beastio::engine;

TEST_CASE("New sids lead to their thread, and differ", "[sids]") {
  const auto threads = GENERATE(1U, 2U, 5U);
  std::set<std::string> sids;
  for (unsigned thread = 0; thread < threads; ++thread) {
    SidSource source(thread, threads);
    for (int i = 0; i < 200; ++i) {
      const auto sid = source.next();
      CHECK(sid.size() == kSidLength);
      CHECK(threadOf(sid, threads) == thread);
      CHECK(std::all_of(sid.begin(), sid.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
      }));
      sids.insert(sid);
    }
  }
  CHECK(sids.size() == 200 * threads);
}

TEST_CASE("A request leads to the thread of the session that it names", "[sids]") {
  std::string target = "/engine.io/?EIO=4&transport=polling";
  CHECK_FALSE(threadOf(target, {}, 3));
  CHECK(threadOf(target, "chosen", 3) == threadOf("chosen", 3));
  target += "&sid=another";
  CHECK(threadOf(target, "chosen", 3) == threadOf("another", 3));
}
