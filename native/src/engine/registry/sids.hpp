// The names of sessions (sids). A sid leads to an I/O thread, so a request finds its session
// without asking the other threads. New sids are made that lead to a given thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beastio::engine {

/// Of the sids that are generated.
inline constexpr std::size_t kSidLength = 20;

/// The I/O thread that owns, or will own, the session of that name. Runs on: any thread.
unsigned threadOf(std::string_view sid, unsigned threads);
/// The same for the session that the target of a request names, or else that it is to open as
/// `sid`; none: any thread.
std::optional<unsigned> threadOf(std::string_view target, std::string_view sid, unsigned threads);

/// Makes the sids of one I/O thread. Runs on: the I/O thread.
class SidSource {
 public:
  SidSource(unsigned thread, unsigned threads) : thread_(thread), threads_(threads) {}

  /// 15 random bytes as 20 characters of the base64url alphabet, which lead to this thread.
  std::string next();

 private:
  std::span<const std::uint8_t, kSidLength> draw();

  unsigned thread_;
  unsigned threads_;
  // A system call for each session would cost more than all else that a name takes.
  std::vector<std::uint8_t> random_ = std::vector<std::uint8_t>(64 * kSidLength);
  std::size_t drawn_ = 0;  // bytes of it that must not be used again
};

}  // namespace beastio::engine
