#include "credentials.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

namespace beastio::tls {
namespace {

constexpr int kMinDhBits = 1024;

std::string failure(const char* option, std::string_view reason = {}) {
  std::string text = std::string(option) + ": ";
  if (reason.empty()) return text + takeError();
  ERR_clear_error();
  return text.append(reason);
}

struct Passphrase {
  const std::string& text;
  bool missing = false;
};

// OpenSSL asks for the passphrase; without this it would ask at the terminal.
int givePassphrase(char* buffer, int size, int, void* data) {
  auto& passphrase = *static_cast<Passphrase*>(data);
  passphrase.missing = passphrase.text.empty();
  if (passphrase.missing || passphrase.text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, passphrase.text.data(), passphrase.text.size());
  return static_cast<int>(passphrase.text.size());
}

CertificatePtr nextCertificate(BIO* pem) {
  static const std::string kNone;
  Passphrase passphrase{kNone};
  return CertificatePtr(PEM_read_bio_X509_AUX(pem, nullptr, givePassphrase, &passphrase));
}

// Whether reading ended because there was nothing more, and not for an error.
bool atEnd() {
  const auto error = ERR_peek_last_error();
  const bool end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (end) ERR_clear_error();
  return end;
}

std::string useCertificate(SSL_CTX* context, const std::string& pem) {
  const auto reader = readerOf(pem);
  const auto certificate = nextCertificate(reader.get());
  if (!certificate || SSL_CTX_use_certificate(context, certificate.get()) != 1) {
    return failure("cert");
  }
  SSL_CTX_clear_chain_certs(context);
  while (auto issuer = nextCertificate(reader.get())) {
    if (SSL_CTX_add0_chain_cert(context, issuer.get()) != 1) return failure("cert");
    static_cast<void>(issuer.release());
  }
  return atEnd() ? std::string() : failure("cert");
}

std::string useKey(SSL_CTX* context, const TlsCredentials::Key& key) {
  const auto reader = readerOf(key.pem);
  Passphrase passphrase{key.passphrase};
  const KeyPtr loaded(PEM_read_bio_PrivateKey(reader.get(), nullptr, givePassphrase, &passphrase));
  if (passphrase.missing) return failure("key", "it is encrypted, and there is no passphrase");
  if (!loaded || SSL_CTX_use_PrivateKey(context, loaded.get()) != 1) return failure("key");
  return {};
}

std::string trust(SSL_CTX* context, X509* certificate, bool announce) {
  if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) != 1) return failure("ca");
  if (announce && SSL_CTX_add_client_CA(context, certificate) != 1) return failure("ca");
  return {};
}

std::string trustAll(SSL_CTX* context, const std::string& pem, bool announce) {
  const auto reader = readerOf(pem);
  int count = 0;
  while (const auto certificate = nextCertificate(reader.get())) {
    if (auto error = trust(context, certificate.get(), announce); !error.empty()) return error;
    ++count;
  }
  return count > 0 && atEnd() ? std::string() : failure("ca");
}

std::string usePfx(SSL_CTX* context, const TlsCredentials::Pfx& pfx) {
  const auto reader = readerOf(pfx.bytes);
  const Pkcs12Ptr parsed(d2i_PKCS12_bio(reader.get(), nullptr));
  if (!parsed) return failure("pfx");
  EVP_PKEY* rawKey = nullptr;
  X509* rawCertificate = nullptr;
  STACK_OF(X509)* rawIssuers = nullptr;
  const int done =
      PKCS12_parse(parsed.get(), pfx.passphrase.c_str(), &rawKey, &rawCertificate, &rawIssuers);
  const KeyPtr key(rawKey);
  const CertificatePtr certificate(rawCertificate);
  const CertificatesPtr issuers(rawIssuers);
  if (done != 1) return failure("pfx");
  if (!key || !certificate) return failure("pfx", "it must hold a key and its certificate");
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return failure("pfx");
  }
  SSL_CTX_clear_chain_certs(context);
  for (int i = 0; i < sk_X509_num(issuers.get()); ++i) {
    auto* const issuer = sk_X509_value(issuers.get(), i);
    if (SSL_CTX_add1_chain_cert(context, issuer) != 1) return failure("pfx");
    if (auto error = trust(context, issuer, true); !error.empty()) return error;
  }
  return {};
}

std::string useCrl(SSL_CTX* context, const std::string& pem) {
  const auto reader = readerOf(pem);
  auto* const store = SSL_CTX_get_cert_store(context);
  int count = 0;
  while (const CrlPtr crl{PEM_read_bio_X509_CRL(reader.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_crl(store, crl.get()) != 1) return failure("crl");
    ++count;
  }
  if (count == 0 || !atEnd()) return failure("crl");
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return {};
}

template <class Items, class Use>
std::string forEach(const Items& items, Use use) {
  for (const auto& item : items) {
    if (auto error = use(item); !error.empty()) return error;
  }
  return {};
}

}  // namespace

// Certificates go before keys: OpenSSL then tells when the two do not belong together.
std::string useCredentials(SSL_CTX* context, const TlsCredentials& credentials) {
  auto error = forEach(credentials.certs, [&](auto& pem) { return useCertificate(context, pem); });
  if (!error.empty()) return error;
  error = forEach(credentials.keys, [&](auto& key) { return useKey(context, key); });
  if (!error.empty()) return error;
  error = forEach(credentials.pfxs, [&](auto& pfx) { return usePfx(context, pfx); });
  if (!error.empty()) return error;
  error = forEach(credentials.cas, [&](auto& pem) { return trustAll(context, pem, true); });
  if (!error.empty()) return error;
  return forEach(credentials.crls, [&](auto& pem) { return useCrl(context, pem); });
}

std::string useRoots(SSL_CTX* context, const std::vector<std::string>& roots) {
  return forEach(roots, [&](auto& pem) { return trustAll(context, pem, false); });
}

std::string useDhParameters(SSL_CTX* context, const std::string& dhparam) {
  if (dhparam.empty()) return {};
  if (dhparam == "auto") {
    return SSL_CTX_set_dh_auto(context, 1) == 1 ? std::string() : failure("dhparam");
  }
  const auto reader = readerOf(dhparam);
  KeyPtr parameters(PEM_read_bio_Parameters(reader.get(), nullptr));
  if (!parameters) return failure("dhparam");
  if (EVP_PKEY_get_bits(parameters.get()) < kMinDhBits) {
    return failure("dhparam", "it has less than 1024 bits");
  }
  if (SSL_CTX_set0_tmp_dh_pkey(context, parameters.get()) != 1) return failure("dhparam");
  static_cast<void>(parameters.release());
  return {};
}

}  // namespace beastio::tls
