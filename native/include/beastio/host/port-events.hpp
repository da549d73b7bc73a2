// What an engine tells its host of connections and requests on its own port.
#pragma once

#include <cstdint>
#include <string_view>

#include "beastio/address.hpp"
#include "beastio/session-id.hpp"
#include "beastio/tls-facts.hpp"

namespace beastio {

/// A request on the engine's own port, of which the host has seen nothing.
struct OwnRequest {
  std::string_view header{};      ///< the request's, from its first line to the empty one
  Endpoint peer{};                ///< its client
  const TlsFacts* tls = nullptr;  ///< of a connection with TLS
};

/// A connection with TLS that is left to the host: its plain bytes cross as a stream.
struct TlsConnection {
  RequestId stream = 0;      ///< for Engine::streamData and its like
  unsigned thread = 0;       ///< likewise
  Endpoint peer{};           ///< its client
  TlsFacts facts{};          ///< what the handshake agreed on
  std::string_view bytes{};  ///< all that were read of its next request
};

/// A TLS handshake on the own port that came to nothing.
struct FailedHandshake {
  /// Who or what ended it.
  enum class Cause : std::uint8_t {
    kRefused,  ///< by the rules of TLS: see `error`
    kGone,     ///< the client went away
    kTooLate,  ///< see TlsContext::handshakeTimeout
  };
  Endpoint peer{};                ///< its client
  Cause cause = Cause::kRefused;  ///< why
  std::string_view error{};       ///< of kRefused, in the library's words
};

}  // namespace beastio
