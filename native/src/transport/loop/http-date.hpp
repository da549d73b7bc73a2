// The time as the Date header of HTTP has it (RFC 9110, section 5.6.7). Runs on: one thread each.
#pragma once

#include <array>
#include <ctime>
#include <string_view>

namespace beastio::transport {

/// The time as a header value, "Sat, 21 Nov 2026 14:00:00 GMT"; written once a second.
class HttpDate {
 public:
  std::string_view now();

 private:
  static constexpr std::size_t kLength = 29;

  std::time_t second_ = -1;
  std::array<char, kLength + 1> text_{};
};

}  // namespace beastio::transport
