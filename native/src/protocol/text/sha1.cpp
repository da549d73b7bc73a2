#include "protocol/text/sha1.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace beastio::protocol {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kLengthBytes = 8;

using State = std::array<std::uint32_t, 5>;
using Block = std::array<std::uint8_t, kBlockBytes>;

/// The function and the constant of twenty rounds.
template <int kQuarter>
std::uint32_t mix(std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if constexpr (kQuarter == 0) return (d ^ (b & (c ^ d))) + 0x5A827999U;
  if constexpr (kQuarter == 1) return (b ^ c ^ d) + 0x6ED9EBA1U;
  if constexpr (kQuarter == 2) return ((b & c) | (d & (b | c))) + 0x8F1BBCDCU;
  return (b ^ c ^ d) + 0xCA62C1D6U;
}

template <int kQuarter>
void round(std::uint32_t a, std::uint32_t& b, std::uint32_t c, std::uint32_t d, std::uint32_t& e,
           std::uint32_t word) {
  e += std::rotl(a, 5) + mix<kQuarter>(b, c, d) + word;
  b = std::rotl(b, 30);
}

// After five rounds each variable has been everything, so that none is moved.
template <int kQuarter>
void twentyRounds(State& state, const std::array<std::uint32_t, 80>& words) {
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 20 * kQuarter; i < 20 * (kQuarter + 1); i += 5) {
    round<kQuarter>(a, b, c, d, e, words[i]);
    round<kQuarter>(e, a, b, c, d, words[i + 1]);
    round<kQuarter>(d, e, a, b, c, words[i + 2]);
    round<kQuarter>(c, d, e, a, b, words[i + 3]);
    round<kQuarter>(b, c, d, e, a, words[i + 4]);
  }
  state = {a, b, c, d, e};
}

void add(State& state, const Block& block) {
  std::array<std::uint32_t, 80> words;
  for (std::size_t i = 0; i < 16; ++i) {
    words[i] = std::uint32_t{block[4 * i]} << 24U | std::uint32_t{block[4 * i + 1]} << 16U |
               std::uint32_t{block[4 * i + 2]} << 8U | block[4 * i + 3];
  }
  for (std::size_t i = 16; i < words.size(); ++i) {
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  State next = state;
  twentyRounds<0>(next, words);
  twentyRounds<1>(next, words);
  twentyRounds<2>(next, words);
  twentyRounds<3>(next, words);
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += next[i];
}

}  // namespace

std::array<std::uint8_t, 20> sha1(std::string_view text) {
  State state{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
  const auto bits = std::uint64_t{text.size()} * 8;
  for (bool isMarked = false, isDone = false; !isDone;) {
    Block block{};
    const auto count = std::min(text.size(), kBlockBytes);
    std::copy_n(text.begin(), count, block.begin());
    text.remove_prefix(count);
    if (count < kBlockBytes && !isMarked) {
      block[count] = 0x80;
      isMarked = true;
    }
    // The block that has the mark, or the next one, ends with the length.
    if (count < kBlockBytes - kLengthBytes) {
      for (std::size_t i = 0; i < kLengthBytes; ++i) {
        block[kBlockBytes - 1 - i] = static_cast<std::uint8_t>(bits >> 8 * i);
      }
      isDone = true;
    }
    add(state, block);
  }
  std::array<std::uint8_t, 20> digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

}  // namespace beastio::protocol
