// The server's end of a TLS connection without a socket, and contexts with certificates to make it
// of.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/tls-options.hpp"
#include "support/certificates.hpp"
#include "support/tls-client.hpp"

namespace beastio::test {

inline const Identity& authority() {
  static const auto identity = Identity::authority("authority");
  return identity;
}

inline TlsOptions optionsFor(const Identity& identity) {
  TlsOptions options;
  options.credentials.certs = {identity.certificate()};
  options.credentials.keys = {{.pem = identity.key()}};
  options.ciphers = "HIGH";
  options.cipherSuites = "TLS_AES_256_GCM_SHA384";
  options.sessionIdContext = "test";
  return options;
}

inline TlsOptions defaultOptions() {
  static const auto server = authority().issue("server");
  return optionsFor(server);
}

inline std::shared_ptr<const TlsContext> contextOf(const TlsOptions& options) {
  std::string error;
  auto context = makeTlsContext(options, error);
  INFO(error);
  REQUIRE(context);
  return context;
}

/// The server's end, with what came out of it.
struct TlsServer {
  explicit TlsServer(const std::shared_ptr<const TlsContext>& context)
      : session(context->newSession()) {}

  TlsSession::Status receive(std::string_view encrypted) {
    std::span<const std::uint8_t> in(reinterpret_cast<const std::uint8_t*>(encrypted.data()),
                                     encrypted.size());
    std::vector<std::uint8_t> buffer(1000);
    for (;;) {
      std::size_t count = 0;
      status = session->read(in, buffer, count, out);
      plain.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
      if (status != TlsSession::Status::kFull) return status;
    }
  }
  bool write(std::string_view text) {
    return session->write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, out);
  }

  std::unique_ptr<TlsSession> session;
  std::string out;
  std::string plain;
  TlsSession::Status status = TlsSession::Status::kMore;
};

// Carries bytes until both have nothing to say; the client's `step` bytes at a time.
inline void talk(TlsServer& server, TlsClient& client, std::size_t step = std::string::npos) {
  client.receive({});
  for (;;) {
    const auto toServer = client.take();
    const auto toClient = std::exchange(server.out, {});
    if (toServer.empty() && toClient.empty()) return;
    for (std::size_t i = 0; i < toServer.size(); i += std::min(step, toServer.size() - i)) {
      if (server.receive(std::string_view(toServer).substr(i, step)) == TlsSession::Status::kFailed)
        break;
    }
    client.receive(toClient);
  }
}

}  // namespace beastio::test
