// A request of the engine's own port, as its header tells it. Pure functions.
#pragma once

#include <boost/beast/http/message.hpp>
#include <string>

#include "beastio/host/request.hpp"

namespace beastio::transport {

struct HttpRequest : Request {
  std::string acceptEncoding{};
  std::string header{};            ///< as it was sent, with its empty line
  bool isFromOldExplorer = false;  ///< its client mistakes payloads for script injection
};

/// What a header tells, with the values that Node's HTTP server shows where a field comes twice.
/// Left to the caller: `header`, `body` and `isUpgrade`.
HttpRequest readRequest(const boost::beast::http::request_header<>& header);

}  // namespace beastio::transport
