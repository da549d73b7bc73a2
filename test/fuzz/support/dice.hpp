// Chance that an input brings along: the same input is always treated in the same way.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace beastio::fuzz {

class Dice {
 public:
  explicit Dice(std::string_view input) {
    std::uint32_t hash = 2'166'136'261;  // FNV-1a, which does not depend on the library
    for (const char byte : input) hash = (hash ^ static_cast<unsigned char>(byte)) * 16'777'619;
    random_.seed(hash);
  }

  std::size_t below(std::size_t limit) { return random_() % std::max<std::size_t>(limit, 1); }

  /// `input` in pieces, mostly few.
  std::vector<std::string_view> cut(std::string_view input) {
    std::vector<std::string_view> parts;
    const std::size_t longest = below(3) == 0 ? 3 : input.size();
    while (!input.empty()) {
      parts.push_back(input.substr(0, 1 + below(longest)));
      input.remove_prefix(parts.back().size());
    }
    return parts;
  }

 private:
  std::minstd_rand random_;
};

}  // namespace beastio::fuzz
