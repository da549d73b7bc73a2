// A request of the engine's own port, as its header tells it. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "beastio/host/request.hpp"

namespace beastio::transport {

struct HttpRequest : Request {
  std::string acceptEncoding{};
  std::string header{};            ///< as it was sent, with its empty line
  bool isFromOldExplorer = false;  ///< its client mistakes payloads for script injection
};

struct RequestLineParts {
  std::string_view method{};
  std::string_view target{};
  std::string_view version{};  ///< "HTTP/1.1"
};

/// Cuts a request's first line, without its CRLF. Empty parts if it has not exactly three.
RequestLineParts cutRequestLine(std::string_view line);

}  // namespace beastio::transport
