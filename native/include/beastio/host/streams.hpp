// What an engine tells its host of the streams between them. These are bridges, whose client the
// host has, and connections of the own port that are left to the host with their TLS. The host
// answers by Engine::streamData, streamReadEnd, streamEnd and streamDrain.
#pragma once

#include <cstddef>
#include <string_view>

#include "beastio/export.hpp"
#include "beastio/session-id.hpp"

namespace beastio {

/// Runs on: the I/O thread of the stream. Must not block or throw.
class BEASTIO_EXPORT StreamHandler {
 public:
  virtual ~StreamHandler() = default;

  /// Bytes for the host's end, in order. The host acknowledges them by Engine::streamDrain.
  virtual void onStreamData(RequestId /*stream*/, std::string_view /*bytes*/) {}
  /// No more bytes follow. A bridge is to be ended after what was written, or at once. Of a
  /// connection with TLS it is the client's end; `immediately`: the connection is gone.
  virtual void onStreamEnd(RequestId /*stream*/, bool /*immediately*/) {}
  /// Bridges: so many bytes of what the host has given were taken, and it may give as many more.
  /// It should give no more than 256 KiB beyond that. It hears of 64 KiB at least, and of none
  /// while its client is not to be read.
  virtual void onStreamTaken(RequestId /*stream*/, std::size_t /*bytes*/) {}
  /// Connections with TLS: so many bytes of what the host has written have been sent.
  virtual void onStreamDrain(RequestId /*stream*/, std::size_t /*bytes*/) {}
};

}  // namespace beastio
