// A TlsContext of OpenSSL: an SSL_CTX for the port and one for each named set of credentials.
// Runs on: any thread; nothing in it changes but OpenSSL's cache of sessions, which has a lock.
// Bound: kMaxCachedSessions of clients that do not take tickets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/tls-options.hpp"
#include "handles.hpp"

namespace beastio::tls {

/// Whether a name matches a pattern in which `*` stands for any text without dots.
bool matchesName(std::string_view pattern, std::string_view name);

class OpensslContext final : public TlsContext,
                             public std::enable_shared_from_this<OpensslContext> {
 public:
  static constexpr long kMaxCachedSessions = 4096;
  static constexpr std::size_t kTicketKeysBytes = 48;

  explicit OpensslContext(const TlsOptions& options);

  /// Errors: returns the reason, which names the option; empty if the context can be used.
  std::string build(const TlsOptions& options);

  std::unique_ptr<TlsSession> newSession() const override;
  std::chrono::milliseconds handshakeTimeout() const override { return handshakeTimeout_; }

  bool requestsCertificate() const { return requestsCertificate_; }
  /// Empty: random ones of OpenSSL. Otherwise name, HMAC key and AES key of 16 bytes each.
  std::string_view ticketKeys() const { return ticketKeys_; }

 private:
  struct Named {
    std::string pattern;
    SslCtxPtr context;
  };

  static int chooseContext(SSL* ssl, int* alert, void* self);
  static int chooseApplicationProtocol(SSL* ssl, const unsigned char** out, unsigned char* outSize,
                                       const unsigned char* in, unsigned inSize, void* self);
  std::string buildRules(SSL_CTX* context, const TlsOptions& options);
  std::string buildSessions(SSL_CTX* context, const TlsOptions& options);

  SslCtxPtr context_;
  std::vector<Named> named_;
  std::string alpn_;  // as on the wire
  std::string ticketKeys_;
  bool requestsCertificate_;
  std::chrono::milliseconds handshakeTimeout_;
};

}  // namespace beastio::tls
