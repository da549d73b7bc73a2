// A request of the engine's own port while it is being read: Beast's parser, and how far it is.
// Owner: an HttpConnection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "transport/beast/http.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::transport {

struct HttpRequest;

/// Beast 345 (Boost 1.81) leaves chunk extensions unlimited.
struct ChunkHeaderCheck {
  void operator()(std::uint64_t, beast::string_view extensions, beast::error_code& error) const {
    if (extensions.size() > maxBytes) error = beast::http::error::bad_chunk_extension;
  }

  std::size_t maxBytes;
};

struct HttpParsing {
  explicit HttpParsing(const Settings& settings) : checkChunkHeader{settings.port.maxHeaderBytes} {
    parser.header_limit(static_cast<std::uint32_t>(settings.port.maxHeaderBytes));
    parser.body_limit(settings.maxHttpBufferSize);
    parser.on_chunk_header(checkChunkHeader);
  }

  beast::http::request_parser<beast::http::string_body> parser;
  ChunkHeaderCheck checkChunkHeader;  // the parser refers to it
  bool headerSeen = false;
  bool isAnnounced = false;  // to the router, before its body
  /// Whole, until the host takes it: what its body counts.
  std::optional<base::CountedBytes> held;
  std::chrono::steady_clock::time_point bodyStart;
  std::string header;  // as it was sent
};

/// What a header tells, with the values that Node's HTTP server shows where a field comes twice.
/// Left to the caller: `header`, `body` and `isUpgrade`.
HttpRequest readRequest(const beast::http::request_header<>& header);

}  // namespace beastio::transport
