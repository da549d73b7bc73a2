// TLS as the engine sees it: a codec between encrypted and plain bytes that does no I/O. The core
// has no TLS library in it; `beastio::tls` (tls-options.hpp) and the addon's second file bring one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/tls-facts.hpp"

namespace beastio {

/// One connection's end of TLS, the server's. Runs on: one thread at a time. Errors: never throws.
class BEASTIO_EXPORT TlsSession {
 public:
  /// How a read ended.
  enum class Status : std::uint8_t {
    kMore,    ///< all that was given is consumed; `count` may have grown
    kFull,    ///< there is no more room for plain bytes: call again
    kEnded,   ///< the peer said that it sends no more (close_notify)
    kFailed,  ///< the connection cannot go on: see `error`
  };

  virtual ~TlsSession() = default;

  /// Decrypts from the front of `encrypted`, which is shortened by what was consumed, into `plain`
  /// and adds to `count` how much that was. What the protocol itself has to answer, an alert as
  /// well, is appended to `out`.
  virtual Status read(std::span<const std::uint8_t>& encrypted, std::span<std::uint8_t> plain,
                      std::size_t& count, std::string& out) = 0;
  /// Encrypts all of `plain`, as one record up to kMaxRecordBytes, and appends it to `out`. Order:
  /// once established, before `end`. Returns false if the connection cannot go on.
  virtual bool write(std::span<const std::uint8_t> plain, std::string& out) = 0;
  /// Appends the goodbye (close_notify): nothing more is written. Reading goes on.
  virtual void end(std::string& out) = 0;

  /// Whether the handshake is done.
  virtual bool established() const = 0;
  /// Why it failed.
  virtual std::string_view error() const = 0;
  /// Order: once established.
  virtual TlsFacts facts() const = 0;

  // What few ask for. Order: once established.

  /// The session in OpenSSL's DER; empty if there is none.
  virtual std::string session() const = 0;
  /// The Finished message that was sent last, or received from the peer; empty if there is none.
  virtual std::string finished(bool fromPeer) const = 0;
  /// The signature algorithms that both sides have, as "ECDSA+SHA256", the best first.
  virtual std::vector<std::string> sharedSignatures() const = 0;
  /// `length` bytes of RFC 5705 for `label`. Returns none if OpenSSL refuses.
  virtual std::optional<std::string> exportKeyingMaterial(
      std::size_t length, std::string_view label,
      std::optional<std::string_view> context) const = 0;
  /// Most plain bytes of a record that is written. Returns false for a size that cannot be.
  virtual bool setMaxRecordBytes(std::size_t bytes) = 0;

  /// Most plain bytes of one record (RFC 8446 §5.1).
  static constexpr std::size_t kMaxRecordBytes = 16 * 1024;
};

/// Keys, certificates and rules of a port. Never changes: a port is given another one. Runs on: any
/// thread. Lifetime: its sessions keep it.
class BEASTIO_EXPORT TlsContext {
 public:
  virtual ~TlsContext() = default;

  /// The server's end of a new connection. Errors: none if there is no memory for it.
  virtual std::unique_ptr<TlsSession> newSession() const = 0;
  /// How long a handshake may take.
  virtual std::chrono::milliseconds handshakeTimeout() const = 0;
};

}  // namespace beastio
