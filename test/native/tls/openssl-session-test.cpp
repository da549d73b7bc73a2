// The codec of OpenSSL against OpenSSL's client, byte by byte where it matters. It is about
// handshakes of both protocols, records, goodbyes, resumption, names, client certificates, and what
// is not TLS.
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/tls-server.hpp"

using namespace beastio;
using namespace beastio::test;
using Status = TlsSession::Status;

TEST_CASE("A handshake agrees on what both can do", "[tls]") {
  TlsClientContext clientContext;
  const bool is13 = GENERATE(true, false);
  clientContext.only(is13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  const auto context = contextOf(defaultOptions());
  TlsServer server(context);
  TlsClient client(clientContext, "example.com");
  CHECK_FALSE(server.session->established());
  talk(server, client);
  REQUIRE(server.session->established());
  REQUIRE(client.established());
  const auto facts = server.session->facts();
  CHECK(facts.protocol == (is13 ? "TLSv1.3" : "TLSv1.2"));
  CHECK(facts.cipher == SSL_CIPHER_get_name(SSL_get_current_cipher(client.get())));
  CHECK(facts.cipherStandardName == SSL_CIPHER_standard_name(SSL_get_current_cipher(client.get())));
  CHECK(facts.cipherVersion == (is13 ? "TLSv1.3" : "TLSv1.2"));
  CHECK(facts.serverName == "example.com");
  CHECK(facts.applicationProtocol.empty());
  CHECK_FALSE(facts.sessionReused);
  CHECK_FALSE(facts.certificateRequested);
  CHECK(facts.authorizationError.empty());
  CHECK(facts.peerCertificates.empty());
}

TEST_CASE("Details are told to those who ask", "[tls]") {
  TlsClientContext clientContext;
  clientContext.only(GENERATE(TLS1_3_VERSION, TLS1_2_VERSION));
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  auto& session = *server.session;
  CHECK(session.session().size() > 50);
  std::array<char, 64> finished{};
  const auto own = SSL_get_finished(client.get(), finished.data(), finished.size());
  CHECK(session.finished(true) == std::string(finished.data(), own));
  const auto peers = SSL_get_peer_finished(client.get(), finished.data(), finished.size());
  CHECK(session.finished(false) == std::string(finished.data(), peers));
  const auto names = session.sharedSignatures();
  CHECK(std::find(names.begin(), names.end(), "ECDSA+SHA256") != names.end());
  const auto material = session.exportKeyingMaterial(20, "EXPORTER-x", "c");
  REQUIRE(material);
  std::string expected(20, '\0');
  SSL_export_keying_material(client.get(), reinterpret_cast<unsigned char*>(expected.data()), 20,
                             "EXPORTER-x", 10, reinterpret_cast<const unsigned char*>("c"), 1, 1);
  CHECK(*material == expected);
  CHECK(session.exportKeyingMaterial(20, "EXPORTER-x", std::nullopt) != material);

  CHECK_FALSE(session.setMaxRecordBytes(100));
  REQUIRE(session.setMaxRecordBytes(512));
  REQUIRE(server.write(std::string(2000, 'x')));
  talk(server, client);
  CHECK(client.plain.size() == 2000);
  CHECK(client.records.front() == 512);
}

TEST_CASE("Text goes both ways, wherever the bytes are cut", "[tls]") {
  TlsClientContext clientContext;
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client, 1);
  REQUIRE(server.session->established());
  const std::string text(50'000, 't');
  client.send(text);
  talk(server, client, 7);
  CHECK(server.plain == text);
  client.records.clear();
  for (std::size_t at = 0; at < text.size(); at += TlsSession::kMaxRecordBytes) {
    CHECK(server.write(std::string_view(text).substr(at, TlsSession::kMaxRecordBytes)));
  }
  talk(server, client);
  CHECK(client.plain == text);
  CHECK(client.records == std::vector<std::size_t>{16384, 16384, 16384, 848});
}

TEST_CASE("Records of one byte are joined", "[tls]") {
  TlsClientContext clientContext;
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  for (int i = 0; i < 900; ++i) client.send("x");
  const auto bytes = client.take();
  std::span<const std::uint8_t> in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   bytes.size());
  std::vector<std::uint8_t> plain(1000);
  std::size_t count = 0;
  CHECK(server.session->read(in, plain, count, server.out) == Status::kMore);
  CHECK(count == 900);
  CHECK(in.empty());
}

TEST_CASE("A full buffer leaves the rest where it is", "[tls]") {
  TlsClientContext clientContext;
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  client.send("one");
  client.send("two");
  const auto bytes = client.take();
  std::span<const std::uint8_t> in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   bytes.size());
  std::vector<std::uint8_t> plain(3);
  std::size_t count = 0;
  CHECK(server.session->read(in, plain, count, server.out) == Status::kFull);
  CHECK(std::string(plain.begin(), plain.end()) == "one");
  CHECK_FALSE(in.empty());
  count = 0;
  CHECK(server.session->read(in, plain, count, server.out) == Status::kFull);
  CHECK(std::string(plain.begin(), plain.end()) == "two");
  CHECK(in.empty());
}

TEST_CASE("A goodbye ends one direction", "[tls]") {
  TlsClientContext clientContext;
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  client.send("last");
  client.end();
  CHECK(server.receive(client.take()) == Status::kEnded);
  CHECK(server.plain == "last");
  CHECK(server.write("answer"));
  server.session->end(server.out);
  client.receive(server.out);
  CHECK(client.plain == "answer");
  CHECK(client.status == SSL_ERROR_ZERO_RETURN);
}

TEST_CASE("The server's goodbye lets the client go on", "[tls]") {
  TlsClientContext clientContext;
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  server.session->end(server.out);
  client.receive(std::exchange(server.out, {}));
  CHECK(client.status == SSL_ERROR_ZERO_RETURN);
  client.send("more");
  CHECK(server.receive(client.take()) == Status::kMore);
  CHECK(server.plain == "more");
}

TEST_CASE("Sessions are resumed", "[tls]") {
  TlsClientContext clientContext;
  auto options = defaultOptions();
  SECTION("by a ticket of TLS 1.3") { clientContext.only(TLS1_3_VERSION); }
  SECTION("by a ticket of TLS 1.2") { clientContext.only(TLS1_2_VERSION); }
  SECTION("by the session's id") {
    clientContext.only(TLS1_2_VERSION);
    SSL_CTX_set_options(clientContext.get(), SSL_OP_NO_TICKET);
  }
  SECTION("by a ticket under a key of the application's") {
    clientContext.only(GENERATE(TLS1_2_VERSION, TLS1_3_VERSION));
    options.ticketKeys = std::string(48, 'k');
  }
  const auto context = contextOf(options);
  {
    TlsServer server(context);
    TlsClient client(clientContext);
    talk(server, client);
    client.end();
    server.receive(client.take());
    server.session->end(server.out);
  }
  REQUIRE(clientContext.session);
  // Another process of a cluster knows the same keys.
  TlsServer server(options.ticketKeys.empty() ? context : contextOf(options));
  TlsClient client(clientContext, nullptr, {}, true);
  talk(server, client);
  REQUIRE(server.session->established());
  CHECK(server.session->facts().sessionReused);
  CHECK(SSL_session_reused(client.get()) == 1);
}

TEST_CASE("Another context does not know the tickets of the first", "[tls]") {
  TlsClientContext clientContext;
  {
    TlsServer server(contextOf(defaultOptions()));
    TlsClient client(clientContext);
    talk(server, client);
  }
  REQUIRE(clientContext.session);
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext, nullptr, {}, true);
  talk(server, client);
  REQUIRE(server.session->established());
  CHECK_FALSE(server.session->facts().sessionReused);
}

TEST_CASE("The name that a client asks for chooses the certificate", "[tls]") {
  auto options = defaultOptions();
  for (const std::string name : {"one.example", "*.example", "*.wild.example", "two.example"}) {
    const auto identity = authority().issue(name);
    options.contexts.push_back({name, optionsFor(identity).credentials});
  }
  const auto context = contextOf(options);
  const auto served = [&](const char* name) {
    TlsClientContext clientContext;
    TlsServer server(context);
    TlsClient client(clientContext, name);
    talk(server, client);
    REQUIRE(client.established());
    return client.serverName();
  };
  CHECK(served(nullptr) == "server");
  CHECK(served("unknown.test") == "server");
  CHECK(served("two.example") == "two.example");
  CHECK(served("TWO.Example") == "two.example");
  CHECK(served("one.example") == "*.example");  // the last that matches
  CHECK(served("a.wild.example") == "*.wild.example");
  CHECK(served("a.b.wild.example") == "server");
}

TEST_CASE("An application protocol is agreed on, or the client refused", "[tls]") {
  auto options = defaultOptions();
  options.alpnProtocols = {"http/1.1", "other"};
  const auto context = contextOf(options);
  const auto agreed = [&](std::string_view offer) {
    TlsClientContext clientContext;
    TlsServer server(context);
    TlsClient client(clientContext, nullptr, offer);
    talk(server, client);
    return client.established() ? server.session->facts().applicationProtocol : client.error;
  };
  CHECK(agreed({}).empty());
  CHECK(agreed("\x02h2\x08http/1.1") == "http/1.1");
  CHECK(agreed("\x05other\x08http/1.1") == "http/1.1");
  CHECK(agreed("\x05other") == "other");
  CHECK(agreed("\x02h2") == "tlsv1 alert no application protocol");
}

TEST_CASE("Client certificates", "[tls]") {
  const auto stranger = Identity::authority("stranger");
  const auto good = authority().issue("good");
  const auto expired = authority().issue("expired", -60);
  const auto revoked = authority().issue("revoked");
  const auto unknown = stranger.issue("unknown");

  auto options = defaultOptions();
  options.requestCert = true;
  options.credentials.cas = {authority().certificate()};
  options.credentials.crls = {authority().revoke(revoked)};
  options.rejectUnauthorized = GENERATE(true, false);
  const auto context = contextOf(options);
  const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto outcome = [&](const Identity* identity) -> std::string {
    TlsClientContext clientContext;
    clientContext.only(version);
    if (identity != nullptr) clientContext.present(*identity);
    TlsServer server(context);
    TlsClient client(clientContext);
    talk(server, client);
    if (!server.session->established()) return client.error;
    const auto facts = server.session->facts();
    CHECK(facts.certificateRequested);
    CHECK(facts.peerCertificates.size() == (identity == nullptr ? 0 : 1));
    return facts.authorizationError;
  };
  CHECK(outcome(&good).empty());
  if (options.rejectUnauthorized) {
    CHECK(outcome(nullptr) == (version == TLS1_3_VERSION ? "tlsv13 alert certificate required"
                                                         : "sslv3 alert handshake failure"));
    CHECK(outcome(&expired) == "sslv3 alert certificate expired");
    CHECK(outcome(&revoked) == "sslv3 alert certificate revoked");
    CHECK(outcome(&unknown) == "tlsv1 alert unknown ca");
  } else {
    CHECK(outcome(nullptr) == "UNABLE_TO_GET_ISSUER_CERT");
    CHECK(outcome(&expired) == "CERT_HAS_EXPIRED");
    CHECK(outcome(&revoked) == "CERT_REVOKED");
    CHECK(outcome(&unknown) == "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  }
}

TEST_CASE("What is not TLS fails, and plain HTTP gets no answer", "[tls]") {
  TlsServer server(contextOf(defaultOptions()));
  SECTION("plain HTTP") {
    CHECK(server.receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n") == Status::kFailed);
    CHECK(server.out.empty());
    CHECK(server.session->error().find("http request") != std::string_view::npos);
  }
  SECTION("garbage") {
    CHECK(server.receive(std::string(100, '\xFF')) == Status::kFailed);
    CHECK_FALSE(server.session->error().empty());
  }
  CHECK(server.receive("more") == Status::kFailed);
  CHECK_FALSE(server.write("x"));
}

TEST_CASE("Old protocols are refused", "[tls]") {
  TlsClientContext clientContext;
  SSL_CTX_set_security_level(clientContext.get(), 0);
  clientContext.only(GENERATE(TLS1_VERSION, TLS1_1_VERSION));
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  CHECK(server.status == Status::kFailed);
  CHECK(client.error == "tlsv1 alert protocol version");
}

TEST_CASE("Renegotiation is refused", "[tls]") {
  TlsClientContext clientContext;
  clientContext.only(TLS1_2_VERSION);
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  REQUIRE(client.established());
  SSL_renegotiate(client.get());
  SSL_do_handshake(client.get());
  talk(server, client);
  CHECK(client.error == "no renegotiation");
  CHECK_FALSE(client.established());
}

TEST_CASE("A record that was changed on the way ends the connection", "[tls]") {
  TlsClientContext clientContext;
  TlsServer server(contextOf(defaultOptions()));
  TlsClient client(clientContext);
  talk(server, client);
  client.send("text");
  auto bytes = client.take();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  CHECK(server.receive(bytes) == Status::kFailed);
  CHECK(server.plain.empty());
}
