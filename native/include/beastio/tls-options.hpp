// TLS by OpenSSL: what can be set, and the way from there to a context. Link with `beastio::tls`.
// The names and meanings are those of Node's `tls.createServer`.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/tls.hpp"

namespace beastio {

/// Who a server is.
struct TlsCredentials {
  /// A private key.
  struct Key {
    std::string pem{};         ///< may be encrypted
    std::string passphrase{};  ///< of an encrypted one
  };
  /// A key and its certificates in one.
  struct Pfx {
    std::string bytes{};       ///< PKCS#12
    std::string passphrase{};  ///< of an encrypted one
  };

  std::vector<Key> keys{};           ///< one for each kind of certificate
  std::vector<std::string> certs{};  ///< PEM, each with its chain
  std::vector<Pfx> pfxs{};           ///< instead of keys and certs, or with them
  std::vector<std::string> cas{};    ///< PEM: whose client certificates are trusted
  std::vector<std::string> crls{};   ///< PEM
};

/// Credentials for the names that a client may ask for (SNI).
struct TlsNamedCredentials {
  std::string name{};            ///< a `*` stands for any text without dots
  TlsCredentials credentials{};  ///< for that name
};

/// What can be set on a context.
struct TlsOptions {
  static constexpr int kTls10 = 0x0301;  ///< TLS 1.0 on the wire
  static constexpr int kTls12 = 0x0303;  ///< TLS 1.2 on the wire
  static constexpr int kTls13 = 0x0304;  ///< TLS 1.3 on the wire

  /// With forward secrecy and authenticated encryption only.
  static constexpr const char* kCiphers =
      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
      "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
      "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
  /// All that OpenSSL has by default.
  static constexpr const char* kCipherSuites =
      "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

  TlsCredentials credentials{};  ///< for clients that name no server, or an unknown one
  std::vector<TlsNamedCredentials> contexts{};  ///< the last one that matches counts

  /// PEM: trusted where no `cas` are given, and not announced to clients.
  std::vector<std::string> roots{};

  int minVersion = kTls12;                   ///< the oldest protocol that is spoken
  int maxVersion = kTls13;                   ///< the newest one
  std::string ciphers = kCiphers;            ///< OpenSSL's list, up to TLS 1.2; empty: none of them
  std::string cipherSuites = kCipherSuites;  ///< of TLS 1.3, separated by colons; empty: none
  std::string groups{};                      ///< `ecdhCurve`; empty: OpenSSL's default
  std::string sigalgs{};                     ///< empty: OpenSSL's default
  std::string dhparam{};            ///< PEM, or "auto"; empty: no finite-field Diffie-Hellman
  std::uint64_t secureOptions = 0;  ///< SSL_OP_…, added to ours
  bool honorCipherOrder = true;     ///< the order of `ciphers` counts, not the client's

  /// Names of ALPN, the preferred first; empty: the extension is not answered. A client that offers
  /// none of them is refused.
  std::vector<std::string> alpnProtocols{};

  bool requestCert = false;        ///< ask clients for a certificate
  bool rejectUnauthorized = true;  ///< refuse a client whose certificate is missing or not trusted

  std::chrono::seconds sessionTimeout{300};  ///< how long a session may be resumed
  std::string ticketKeys{};                  ///< 48 bytes; empty: random ones
  std::string sessionIdContext = "beastio";  ///< up to 32 bytes

  std::chrono::milliseconds handshakeTimeout{120'000};  ///< then the connection is closed
};

/// Errors: none, with the reason in `error`, if something in the options cannot be used.
BEASTIO_EXPORT std::shared_ptr<const TlsContext> makeTlsContext(const TlsOptions& options,
                                                                std::string& error);

}  // namespace beastio
