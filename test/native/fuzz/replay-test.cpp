// The fuzz targets of test/fuzz/targets without a fuzzer: each gets the inputs of its corpus, and
// these inputs damaged. How to run more of it: support/mutator.hpp.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "fuzz/support/target.hpp"
#include "support/mutator.hpp"

using beastio::fuzz::Target;
using beastio::fuzz::targets;
using beastio::test::Mutator;
namespace fs = std::filesystem;

namespace {

const fs::path kCorpora = BEASTIO_FUZZ_CORPORA;

/// The inputs of a target, in the order of their names: other damage would be done in another.
std::vector<std::string> corpusOf(const Target& target) {
  const fs::directory_iterator folder(kCorpora / target.name);
  std::vector<fs::path> files(begin(folder), end(folder));
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

/// Runs a target on a copy of exactly the input's size: a sanitizer sees any step beyond it.
void run(const Target& target, const std::string& input) {
  const std::vector<char> exactly(input.begin(), input.end());
  INFO(target.name << " on " << Catch::Detail::stringify(input));
  REQUIRE_NOTHROW(target.run({exactly.data(), exactly.size()}));
}

}  // namespace

TEST_CASE("Every fuzz target has a corpus, and every corpus a target", "[fuzz]") {
  std::set<std::string> names;
  for (const auto& target : targets()) {
    CHECK(names.insert(target.name).second);
    CHECK_FALSE(corpusOf(target).empty());
  }
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kCorpora)) {
    if (entry.is_directory()) folders.insert(entry.path().filename());
  }
  CHECK(names == folders);
}

TEST_CASE("Fuzz targets keep their promises for their corpus", "[fuzz]") {
  for (const auto& target : targets()) {
    run(target, "");
    for (const auto& input : corpusOf(target)) run(target, input);
  }
}

TEST_CASE("Fuzz targets keep their promises for damaged input", "[fuzz][mutation]") {
  for (const auto& target : targets()) {
    Mutator mutator(corpusOf(target));
    const auto rounds = Mutator::rounds(target.rounds);
    for (std::size_t round = 0; round < rounds; ++round) run(target, mutator.next());
  }
}
