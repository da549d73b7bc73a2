// The first line of a request of the engine's own port. Pure functions.
#pragma once

#include <string_view>

namespace beastio::transport {

struct RequestLineParts {
  std::string_view method{};
  std::string_view target{};
  std::string_view version{};  ///< "HTTP/1.1"
};

/// Cuts a request's first line, without its CRLF. Empty parts if it has not exactly three.
RequestLineParts cutRequestLine(std::string_view line);

}  // namespace beastio::transport
