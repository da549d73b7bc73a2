#include "openssl-session.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "openssl-context.hpp"
#include "verify-error.hpp"

namespace beastio::tls {
namespace {

Wire& wireOf(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int readWire(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  auto* const in = wireOf(bio).in;
  if (in == nullptr || in->empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto count = std::min(in->size(), static_cast<std::size_t>(size));
  std::memcpy(data, in->data(), count);
  *in = in->subspan(count);
  return static_cast<int>(count);
}

int writeWire(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  wireOf(bio).out->append(data, static_cast<std::size_t>(size));
  return size;
}

long controlWire(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// Made once and never freed: connections may outlive any point at which it could be.
const BIO_METHOD* wireMethod() {
  static const BIO_METHOD* const method = [] {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "beastio wire");
    if (made == nullptr) return made;
    BIO_meth_set_read(made, readWire);
    BIO_meth_set_write(made, writeWire);
    BIO_meth_set_ctrl(made, controlWire);
    return made;
  }();
  return method;
}

std::string orEmpty(const char* text) { return text == nullptr ? std::string() : text; }

void appendDer(X509* certificate, std::vector<std::string>& out) {
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return;
  auto& der = out.emplace_back(static_cast<std::size_t>(size), '\0');
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate, &to);
}

std::vector<std::string> certificatesOf(const SSL* ssl) {
  std::vector<std::string> certificates;
  const CertificatePtr own(SSL_get1_peer_certificate(ssl));
  if (!own) return certificates;
  appendDer(own.get(), certificates);
  const auto* const chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) appendDer(sk_X509_value(chain, i), certificates);
  return certificates;
}

// As Node names them.
std::string nameOfSignature(int nid) {
  switch (nid) {
    case EVP_PKEY_RSA:
      return "RSA";
    case EVP_PKEY_RSA_PSS:
      return "RSA-PSS";
    case EVP_PKEY_DSA:
      return "DSA";
    case EVP_PKEY_EC:
      return "ECDSA";
    case EVP_PKEY_ED25519:
      return "Ed25519";
    case EVP_PKEY_ED448:
      return "Ed448";
    default:
      const char* const name = OBJ_nid2sn(nid);
      return name == nullptr ? "UNDEF" : name;
  }
}

}  // namespace

OpensslSession::OpensslSession(SslPtr ssl, std::shared_ptr<const OpensslContext> context)
    : context_(std::move(context)), ssl_(std::move(ssl)) {}

std::unique_ptr<OpensslSession> OpensslSession::create(
    SslPtr ssl, std::shared_ptr<const OpensslContext> context) {
  auto* const bio = BIO_new(wireMethod());
  if (bio == nullptr) {
    ERR_clear_error();
    return nullptr;
  }
  auto session =
      std::unique_ptr<OpensslSession>(new OpensslSession(std::move(ssl), std::move(context)));
  BIO_set_data(bio, &session->wire_);
  BIO_set_init(bio, 1);
  auto* const raw = session->ssl_.get();
  SSL_set_bio(raw, bio, bio);
  SSL_set_app_data(raw, session.get());
  SSL_set_accept_state(raw);
  return session;
}

const OpensslSession& OpensslSession::of(const SSL* ssl) {
  return *static_cast<const OpensslSession*>(SSL_get_app_data(ssl));
}

TlsSession::Status OpensslSession::read(std::span<const std::uint8_t>& encrypted,
                                        std::span<std::uint8_t> plain, std::size_t& count,
                                        std::string& out) {
  if (!error_.empty()) return Status::kFailed;
  ERR_clear_error();
  wire_ = {&encrypted, &out};
  while (count < plain.size()) {
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), plain.data() + count, plain.size() - count, &got);
    count += got;
    if (result == 1) continue;
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return Status::kMore;
      case SSL_ERROR_ZERO_RETURN:
        return Status::kEnded;
      default:
        return fail();
    }
  }
  return Status::kFull;
}

TlsSession::Status OpensslSession::fail() {
  error_ = takeError();
  return Status::kFailed;
}

bool OpensslSession::write(std::span<const std::uint8_t> plain, std::string& out) {
  if (!error_.empty()) return false;
  ERR_clear_error();
  wire_ = {nullptr, &out};
  std::size_t written = 0;
  if (SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written) == 1) return true;
  fail();
  return false;
}

void OpensslSession::end(std::string& out) {
  if (!error_.empty()) return;
  wire_ = {nullptr, &out};
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

TlsFacts OpensslSession::facts() const {
  const auto* const ssl = ssl_.get();
  TlsFacts facts;
  facts.protocol = orEmpty(SSL_get_version(ssl));
  if (const auto* const cipher = SSL_get_current_cipher(ssl)) {
    facts.cipher = orEmpty(SSL_CIPHER_get_name(cipher));
    facts.cipherStandardName = orEmpty(SSL_CIPHER_standard_name(cipher));
    facts.cipherVersion = orEmpty(SSL_CIPHER_get_version(cipher));
  }
  facts.serverName = orEmpty(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl, &name, &length);
  if (length > 0) facts.applicationProtocol.assign(reinterpret_cast<const char*>(name), length);
  facts.sessionReused = SSL_session_reused(ssl) == 1;
  facts.certificateRequested = context_->requestsCertificate();
  if (facts.certificateRequested) {
    facts.peerCertificates = certificatesOf(ssl);
    facts.authorizationError = facts.peerCertificates.empty()
                                   ? nameOfVerifyError(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT)
                                   : nameOfVerifyError(SSL_get_verify_result(ssl));
  }
  ERR_clear_error();
  return facts;
}

std::string OpensslSession::session() const {
  auto* const current = SSL_get_session(ssl_.get());
  const int size = current == nullptr ? 0 : i2d_SSL_SESSION(current, nullptr);
  std::string der(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  if (!der.empty()) i2d_SSL_SESSION(current, &to);
  ERR_clear_error();
  return der;
}

std::string OpensslSession::finished(bool fromPeer) const {
  std::array<char, EVP_MAX_MD_SIZE> bytes{};
  auto* const get = fromPeer ? &SSL_get_peer_finished : &SSL_get_finished;
  return {bytes.data(), std::min(get(ssl_.get(), bytes.data(), bytes.size()), bytes.size())};
}

std::vector<std::string> OpensslSession::sharedSignatures() const {
  std::vector<std::string> names;
  auto* const ssl = ssl_.get();
  const int count = SSL_get_shared_sigalgs(ssl, 0, nullptr, nullptr, nullptr, nullptr, nullptr);
  for (int i = 0; i < count; ++i) {
    int signature = NID_undef;
    int hash = NID_undef;
    SSL_get_shared_sigalgs(ssl, i, &signature, &hash, nullptr, nullptr, nullptr);
    const char* const hashName = OBJ_nid2sn(hash);
    names.push_back(nameOfSignature(signature) + "+" + (hashName == nullptr ? "UNDEF" : hashName));
  }
  ERR_clear_error();
  return names;
}

std::optional<std::string> OpensslSession::exportKeyingMaterial(
    std::size_t length, std::string_view label, std::optional<std::string_view> context) const {
  std::string material(length, '\0');
  const auto given = context.value_or(std::string_view());
  const int done = SSL_export_keying_material(
      ssl_.get(), reinterpret_cast<unsigned char*>(material.data()), length, label.data(),
      label.size(), reinterpret_cast<const unsigned char*>(given.data()), given.size(),
      context ? 1 : 0);
  ERR_clear_error();
  if (done != 1) return std::nullopt;
  return material;
}

bool OpensslSession::setMaxRecordBytes(std::size_t bytes) {
  const auto done = SSL_set_max_send_fragment(ssl_.get(), bytes);
  ERR_clear_error();
  return done == 1;
}

}  // namespace beastio::tls
