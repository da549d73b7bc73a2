// A request of the engine's own port, as its header tells it.
#pragma once

#include <string>

#include "beastio/host/request.hpp"

namespace beastio::transport {

struct HttpRequest : Request {
  std::string acceptEncoding{};
  std::string header{};            ///< as it was sent, with its empty line
  bool isFromOldExplorer = false;  ///< its client mistakes payloads for script injection
};

}  // namespace beastio::transport
