// A request for a session, whoever parsed it: the host's HTTP server for the attached door, or the
// engine for its own port. One struct, so that what follows is the same for both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "beastio/session-id.hpp"

namespace beastio {

/// What both doors know of a request. Strings are empty where a header is missing.
struct Request {
  std::string method{};                 ///< "GET", …
  std::string target{};                 ///< path and query
  std::optional<std::string> origin{};  ///< header value
  bool isUpgrade = false;               ///< it asks for a WebSocket
  std::string contentType{};            ///< of a POST
  std::string body{};                   ///< of a POST

  // The headers of a WebSocket's opening handshake.
  std::string upgrade{};                    ///< Upgrade
  std::string key{};                        ///< Sec-WebSocket-Key
  std::string version{};                    ///< Sec-WebSocket-Version
  std::optional<std::string> protocols{};   ///< Sec-WebSocket-Protocol; the first is accepted
  std::optional<std::string> extensions{};  ///< Sec-WebSocket-Extensions
};

/// A request of the attached door: one that the host's HTTP server has parsed.
struct AttachedRequest : Request {
  RequestId id = 0;         ///< chosen by the host
  bool verifyOnly = false;  ///< answer with onVerified instead of going on
  std::string sid{};        ///< chosen by the host for a new session; empty: the engine chooses
};

/// An upgrade request of the attached door.
struct AttachedUpgrade {
  AttachedRequest request{};  ///< with its headers of a WebSocket
  std::string headerLines{};  ///< further lines of the answer, each with its CRLF
  std::string head{};         ///< bytes read past the request
  int descriptor = -1;        ///< owned by the engine from now on; -1: a bridged stream
};

/// The stream of a WebTransport session. The host has read its first packet, which tells the
/// Engine.IO session that it is for.
struct AttachedStream {
  RequestId id = 0;    ///< chosen by the host
  std::string sid{};   ///< of the session that it takes over; empty: a new one
  std::string head{};  ///< bytes read past the first packet
};

}  // namespace beastio
