// One TCP connection to the server, plain or with TLS of the system's OpenSSL; non-blocking.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace load {

/// What all TLS connections of a run share. The certificate is not verified: it is made by the
/// bench.
class TlsContext {
 public:
  TlsContext();
  SSL_CTX* get() const { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

class Socket {
 public:
  /// Connects to 127.0.0.1. `tls` is null for a plain connection and outlives this one otherwise.
  /// Errors: a LoadError, from here and from every other member, when the connection is refused
  /// or lost.
  Socket(std::uint16_t port, const TlsContext* tls);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }
  /// Whether queued bytes wait for the socket to become writable.
  bool blocked() const { return blocked_; }
  bool hasQueued() const { return !outgoing_.empty(); }

  /// Where to append what flush() is to send.
  std::string& outgoing() { return outgoing_; }
  void flush();

  /// Reads what fits into `buffer`; zero bytes when there is nothing now.
  std::size_t receive(std::span<char> buffer);
  /// Whether TLS holds bytes that were read from the socket already, which no event will tell of.
  bool hasBuffered() const { return tls_ != nullptr && SSL_pending(tls_.get()) > 0; }

  /// Makes the end of this object a reset: no TIME_WAIT, which would use up the ports.
  void resetOnClose() const;

 private:
  void flushPlain();
  void flushTls();

  int descriptor_ = -1;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
  bool blocked_ = false;
  std::string outgoing_;
};

}  // namespace load
