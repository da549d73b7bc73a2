// What the host gives the attached door: requests that its HTTP server has parsed, and streams.
#pragma once

#include <string>

#include "beastio/host/request.hpp"
#include "beastio/session-id.hpp"

namespace beastio {

/// A request of the attached door: one that the host's HTTP server has parsed.
struct AttachedRequest : Request {
  RequestId id = 0;         ///< chosen by the host
  bool verifyOnly = false;  ///< answer with onVerified instead of going on
  std::string sid{};        ///< chosen by the host for a new session; empty: the engine chooses
  bool isVerified = false;  ///< it was asked about with `verifyOnly` before
  /// The addresses that it came through: its X-Forwarded-For, and behind the last comma that of its
  /// connection. Only limits per address need it.
  std::string route{};
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
