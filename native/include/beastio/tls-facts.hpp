// What a TLS handshake agreed on.
#pragma once

#include <string>
#include <vector>

namespace beastio {

/// What a handshake agreed on, as plain values.
struct TlsFacts {
  std::string protocol{};             ///< "TLSv1.3"
  std::string cipher{};               ///< OpenSSL's name, "ECDHE-RSA-AES128-GCM-SHA256"
  std::string cipherStandardName{};   ///< the RFC's, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  std::string cipherVersion{};        ///< the oldest protocol that has it
  std::string serverName{};           ///< what the client asked for (SNI); empty: nothing
  std::string applicationProtocol{};  ///< ALPN; empty: nothing was agreed on
  bool sessionReused = false;         ///< resumed, without a full handshake
  bool certificateRequested = false;  ///< of the client

  /// Why the client's certificate is not trusted, OpenSSL's name ("CERT_HAS_EXPIRED"); empty: it
  /// is, or none was requested.
  std::string authorizationError{};
  std::vector<std::string> peerCertificates{};  ///< DER, that of the client first
};

}  // namespace beastio
