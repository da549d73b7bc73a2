// A fuzz target: a reader of what clients send, the promises that it keeps for any input, and a
// folder of inputs in corpus/. A file beside this folder defines one. libFuzzer runs it alone,
// by libfuzzer.cpp; the tests run all of them, by test/native/fuzz/replay-test.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beastio::fuzz {

struct Target {
  std::string name{};                             ///< of its file and of its corpus
  void (*run)(std::string_view input) = nullptr;  ///< throws BrokenPromise
  std::size_t rounds = 4000;                      ///< damaged inputs of everyday tests
};

struct BrokenPromise : std::logic_error {
  using std::logic_error::logic_error;
};

/// Errors: throws BrokenPromise, which ends a fuzzer, and fails a test.
inline void promise(bool isKept, const char* what) {
  if (!isKept) throw BrokenPromise(what);
}

/// Whether a view of `part` lies within `whole`; an empty one may be anywhere.
inline bool isWithin(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Gives an input to a World, which is made with the first one. Once `take` says that it is used
/// up, it keeps its last promises, and the next input has another.
template <class World>
void runInWorld(std::string_view input) {
  static std::unique_ptr<World> world;
  if (!world) world = std::make_unique<World>();
  if (!world->take(input)) return;
  world->checkAtEnd();
  world.reset();
}

/// The targets that the program was linked with.
inline std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

/// Adds a target when the program starts.
struct Registration {
  explicit Registration(Target target) { targets().push_back(std::move(target)); }
};

}  // namespace beastio::fuzz
