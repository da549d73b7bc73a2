// Hostile input: what clients send, damaged in a few places. It is the same on every run, so that a
// failure can be repeated. BEASTIO_MUTATION_SEED asks for other damage. The tests take a moment's
// worth; BEASTIO_MUTATION_ROUNDS asks for more.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace beastio::test {

/// The number in an environment variable, or `otherwise`.
inline std::size_t numberFromEnvironment(const char* name, std::size_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

class Mutator {
 public:
  /// `seeds` are well-formed inputs, at least one.
  explicit Mutator(std::vector<std::string> seeds)
      : seeds_(std::move(seeds)),
        random_(numberFromEnvironment("BEASTIO_MUTATION_SEED", 20'261'121)) {}

  /// How many inputs a test shall try, of which `usual` are enough in everyday runs.
  static std::size_t rounds(std::size_t usual) {
    return numberFromEnvironment("BEASTIO_MUTATION_ROUNDS", usual);
  }

  std::size_t below(std::size_t limit) { return random_() % std::max<std::size_t>(limit, 1); }

  /// A seed, or the beginning of one and the end of another, damaged in none to four places.
  std::string next() {
    std::string input = seeds_[below(seeds_.size())];
    if (below(4) == 0) {
      const auto& other = seeds_[below(seeds_.size())];
      input.resize(below(input.size() + 1));
      input += other.substr(below(other.size() + 1));
    }
    for (auto count = below(5); count > 0; --count) damage(input);
    return input;
  }

 private:
  void damage(std::string& input) {
    static constexpr std::array<std::string_view, 24> kTokens{"0",
                                                              "-1",
                                                              "65535",
                                                              "4294967296",
                                                              "18446744073709551616",
                                                              "\x1e",
                                                              ":",
                                                              "\r\n",
                                                              "\n",
                                                              "\r\n\r\n",
                                                              "%",
                                                              "%zz",
                                                              "+",
                                                              "\xff",
                                                              "\xed\xa0\x80",
                                                              "\xc0\x80",
                                                              "b",
                                                              "=",
                                                              ",",
                                                              ";",
                                                              "\"",
                                                              "\\",
                                                              "0x7fffffff",
                                                              "\xf4\x90\x80\x80"};
    static constexpr std::array<unsigned char, 12> kBytes{0,    1,    0x0a, 0x0d, 0x1e, 0x7e,
                                                          0x7f, 0x80, 0x81, 0xfe, 0xff, 0x20};
    const auto at = below(input.size() + 1);
    const auto length = below(std::min<std::size_t>(input.size() - at, 40) + 1);
    switch (below(8)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1U << below(8)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(kBytes[below(kBytes.size())]);
        break;
      case 2:
        input.insert(at, std::string(1, static_cast<char>(random_())));
        break;
      case 3:
        input.insert(at, kTokens[below(kTokens.size())]);
        break;
      case 4:
        input.erase(at, length);
        break;
      case 5:
        input.insert(below(input.size() + 1), input.substr(at, length));
        break;
      case 6:
        input.insert(
            at, std::string(below(below(10) == 0 ? 20'000 : 300), input.empty() ? 'x' : input[0]));
        break;
      default:
        input.resize(at);
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

}  // namespace beastio::test
