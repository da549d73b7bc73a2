// The options of a TLS context: the forms that keys and certificates come in. Each that cannot be
// used gives an error that names the option.
#include <catch2/catch.hpp>
#include <string>

#include "support/tls-server.hpp"

using namespace beastio;
using namespace beastio::test;

namespace {

std::string errorOf(const TlsOptions& options) {
  std::string error;
  CHECK_FALSE(makeTlsContext(options, error));
  return error;
}

}  // namespace

TEST_CASE("Options that cannot be used are named", "[tls]") {
  const auto identity = authority().issue("x");
  auto options = optionsFor(identity);
  auto& credentials = options.credentials;
  const auto beginsWith = [&](std::string_view start) {
    const auto error = errorOf(options);
    INFO(error);
    CHECK(error.starts_with(start));
    return error;
  };
  SECTION("cert") {
    credentials.certs = {"no certificate"};
    beginsWith("cert: error:");
  }
  SECTION("key") {
    credentials.keys = {{.pem = "no key"}};
    beginsWith("key: error:");
  }
  SECTION("a key that belongs to another certificate") {
    credentials.keys = {{.pem = authority().key()}};
    CHECK(beginsWith("key: ").find("key values mismatch") != std::string::npos);
  }
  SECTION("an encrypted key without its passphrase") {
    credentials.keys = {{.pem = identity.key("secret")}};
    CHECK(errorOf(options) == "key: it is encrypted, and there is no passphrase");
  }
  SECTION("an encrypted key with another passphrase") {
    credentials.keys = {{.pem = identity.key("secret"), .passphrase = "guess"}};
    beginsWith("key: error:");
  }
  SECTION("pfx") {
    credentials.pfxs = {{.bytes = "no pfx"}};
    beginsWith("pfx: error:");
  }
  SECTION("pfx with another passphrase") {
    credentials.pfxs = {{.bytes = identity.pfx("secret"), .passphrase = "guess"}};
    CHECK(beginsWith("pfx: ").find("mac verify failure") != std::string::npos);
  }
  SECTION("ca") {
    credentials.cas = {"no certificate"};
    beginsWith("ca: error:");
  }
  SECTION("crl") {
    credentials.crls = {"no list"};
    beginsWith("crl: error:");
  }
  SECTION("ciphers") {
    options.ciphers = "NONSENSE";
    beginsWith("ciphers: error:");
  }
  SECTION("ciphers of TLS 1.3") {
    options.cipherSuites = "TLS_NONSENSE";
    beginsWith("ciphers: error:");
  }
  SECTION("ecdhCurve") {
    options.groups = "nonsense";
    beginsWith("ecdhCurve: ");
  }
  SECTION("sigalgs") {
    options.sigalgs = "nonsense";
    beginsWith("sigalgs: ");
  }
  SECTION("dhparam") {
    options.dhparam = "nonsense";
    beginsWith("dhparam: error:");
  }
  SECTION("ticketKeys") {
    options.ticketKeys = "short";
    CHECK(errorOf(options) == "ticketKeys: it must have 48 bytes");
  }
  SECTION("of one name") {
    options.contexts = {{"x.example", {.certs = {"no certificate"}}}};
    beginsWith("contexts[x.example].cert: error:");
  }
}

TEST_CASE("Keys and certificates come in several forms", "[tls]") {
  const auto identity = authority().issue("x");
  auto options = optionsFor(identity);
  auto& credentials = options.credentials;
  SECTION("a key with its passphrase") {
    credentials.keys = {{.pem = identity.key("secret"), .passphrase = "secret"}};
  }
  SECTION("pfx") {
    credentials = {};
    credentials.pfxs = {{.bytes = identity.pfx("secret"), .passphrase = "secret"}};
  }
  SECTION("a certificate with its chain") {
    credentials.certs = {identity.certificate() + authority().certificate()};
  }
  SECTION("dhparam auto") { options.dhparam = "auto"; }
  TlsClientContext clientContext;
  TlsServer server(contextOf(options));
  TlsClient client(clientContext);
  talk(server, client);
  REQUIRE(client.established());
  CHECK(client.serverName() == "x");
}
