#include "engine/registry/sids.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>

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
  constexpr std::size_t kMostAtOnce = 256;  // getentropy(3)
  if (drawn_ == 0) {
    for (std::size_t at = 0; at < random_.size();) {
      const auto count = std::min(kMostAtOnce, random_.size() - at);
      if (::getentropy(random_.data() + at, count) == 0) at += count;
    }
  }
  const std::span<const std::uint8_t, kSidLength> drawn(random_.data() + drawn_, kSidLength);
  drawn_ = (drawn_ + kSidLength) % random_.size();
  return drawn;
}

}  // namespace beastio::engine
