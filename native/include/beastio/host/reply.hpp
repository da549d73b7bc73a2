// The answer to a request of the polling transport. One struct for both doors: the host writes it
// for the attached door, the engine for its own port.
#pragma once

#include <cstdint>
#include <string_view>

#include "beastio/export.hpp"

namespace beastio {

/// Content types that the engine answers with.
enum class ContentType : std::uint8_t { kNone, kText, kHtml, kJson, kOctetStream };

/// The header value, e.g. "text/plain; charset=UTF-8"; empty for kNone.
BEASTIO_EXPORT std::string_view toString(ContentType type);

/// An answer, but for its version and connection. Lifetime: valid during the call that it is an
/// argument of.
struct Reply {
  int status = 200;                       ///< of HTTP
  ContentType type = ContentType::kNone;  ///< of the body
  bool noStore = false;                   ///< with `cache-control: no-store`
  bool chunked = false;                   ///< without Content-Length, as engine.io answers errors
  bool compress = false;         ///< may be compressed: one of the packets in it asks for that
  std::string_view body{};       ///< as it is, or before it is compressed
  std::string_view openedSid{};  ///< it answers the handshake of this session; empty: it does not
};

}  // namespace beastio
