#include "engine/registry/sids.hpp"

#include <algorithm>

#include "platform/random.hpp"
#include "session/request-rules.hpp"

namespace beastio::engine {

unsigned threadOf(std::string_view sid, unsigned threads) {
  if (threads == 1) return 0;
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : sid) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % threads;
}

std::optional<unsigned> threadOf(std::string_view target, std::string_view sid, unsigned threads) {
  const auto known = session::sidOf(target);
  if (!known.empty()) sid = known;
  return sid.empty() ? std::nullopt : std::optional(threadOf(sid, threads));
}

std::string SidSource::next() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (;;) {
    std::string sid;
    sid.reserve(kSidLength);
    for (const auto byte : draw()) sid.push_back(kAlphabet[byte & 63U]);
    if (threadOf(sid, threads_) == thread_) return sid;
  }
}

std::span<const std::uint8_t, kSidLength> SidSource::draw() {
  if (drawn_ == 0) platform::fillRandom(random_);
  const std::span<const std::uint8_t, kSidLength> drawn(random_.data() + drawn_, kSidLength);
  drawn_ = (drawn_ + kSidLength) % random_.size();
  return drawn;
}

}  // namespace beastio::engine
