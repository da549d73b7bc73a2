// The one way in which the load generator gives up. A broken promise of the server, or of the
// machine, ends the run at once: a figure measured beside an error is no figure.
#pragma once

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace load {

/// The head of some bytes, in quotes, for a message.
inline std::string shown(std::string_view bytes) {
  constexpr std::size_t kShownBytes = 120;
  const bool cut = bytes.size() > kShownBytes;
  return "'" + std::string(bytes.substr(0, kShownBytes)) + (cut ? "…'" : "'");
}

/// Why the run has no result; the text is what the person at the terminal reads.
class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws a LoadError that ends with the text of `errno`.
[[noreturn]] inline void failWithErrno(const std::string& what) {
  throw LoadError(what + ": " + std::strerror(errno));
}

}  // namespace load
