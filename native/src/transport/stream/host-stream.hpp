// A stream that crosses between an I/O thread and the host: data and its end, and how much of it
// was taken, in both directions. The host hears of it by StreamHandler, and answers by the calls
// below. Runs on: the I/O thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace beastio {
class TlsSession;
}

namespace beastio::transport {

/// Two kinds: a BridgeStream, whose client the host has and the engine serves, and a
/// HostConnection, whose client the engine has and the host serves.
class HostStream {
 public:
  /// How many bytes may be on their way to the host, which acknowledges them by onHostDrain.
  static constexpr std::size_t kWindowBytes = 256 * 1024;

  virtual ~HostStream() = default;

  /// Bytes from the host, in order.
  virtual void onHostData(std::string bytes) = 0;
  /// The host sends no more, but takes what it is sent.
  virtual void onHostReadEnd() = 0;
  /// The host's end is gone, or failed if `error` is not empty.
  virtual void onHostEnd(std::string_view error) = 0;
  /// The host has taken so many bytes of what it was sent.
  virtual void onHostDrain(std::size_t bytes) = 0;
  /// The TLS of the client's connection; null if the engine has none.
  virtual TlsSession* clientTls() const { return nullptr; }
};

}  // namespace beastio::transport
