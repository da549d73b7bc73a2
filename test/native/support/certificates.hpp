// Certificates for the tests, made when they run: an authority, and keys that it vouches for.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace beastio::test {

template <class T, auto kFree>
std::shared_ptr<T> shared(T* object) {
  if (object == nullptr) throw std::runtime_error("OpenSSL failed");
  return {object, [](T* held) { kFree(held); }};
}

/// What is written to a BIO by `write`.
template <class Write>
std::string written(Write write) {
  const auto bio = shared<BIO, BIO_free_all>(BIO_new(BIO_s_mem()));
  write(bio.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

class Identity {
 public:
  /// An authority, which vouches for itself.
  static Identity authority(const std::string& name) { return {name, nullptr, 3600}; }
  /// A key of that name; `secondsLeft` may be negative.
  Identity issue(const std::string& name, long secondsLeft = 3600) const {
    return {name, this, secondsLeft};
  }

  std::string certificate() const {
    return written([this](BIO* bio) { PEM_write_bio_X509(bio, certificate_.get()); });
  }
  /// Encrypted, if there is a passphrase.
  std::string key(const std::string& passphrase = {}) const {
    return written([&](BIO* bio) {
      PEM_write_bio_PKCS8PrivateKey(
          bio, key_.get(), passphrase.empty() ? nullptr : EVP_aes_256_cbc(), passphrase.data(),
          static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
  }
  std::string pfx(const std::string& passphrase) const {
    const auto bundle = shared<PKCS12, PKCS12_free>(PKCS12_create(
        passphrase.c_str(), "x", key_.get(), certificate_.get(), nullptr, 0, 0, 0, 0, 0));
    return written([&](BIO* bio) { i2d_PKCS12_bio(bio, bundle.get()); });
  }
  /// A list that revokes `other`.
  std::string revoke(const Identity& other) const {
    const auto crl = shared<X509_CRL, X509_CRL_free>(X509_CRL_new());
    X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(certificate_.get()));
    const auto now = shared<ASN1_TIME, ASN1_TIME_free>(X509_gmtime_adj(nullptr, -60));
    X509_CRL_set1_lastUpdate(crl.get(), now.get());
    const auto later = shared<ASN1_TIME, ASN1_TIME_free>(X509_gmtime_adj(nullptr, 3600));
    X509_CRL_set1_nextUpdate(crl.get(), later.get());
    auto* const entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(other.certificate_.get()));
    X509_REVOKED_set_revocationDate(entry, now.get());
    X509_CRL_add0_revoked(crl.get(), entry);
    X509_CRL_sign(crl.get(), key_.get(), EVP_sha256());
    return written([&](BIO* bio) { PEM_write_bio_X509_CRL(bio, crl.get()); });
  }

  X509* x509() const { return certificate_.get(); }
  EVP_PKEY* pkey() const { return key_.get(); }

 private:
  Identity(const std::string& name, const Identity* issuer, long secondsLeft)
      : key_(shared<EVP_PKEY, EVP_PKEY_free>(EVP_EC_gen("P-256"))),
        certificate_(shared<X509, X509_free>(X509_new())) {
    static long serial = 0;
    auto* const made = certificate_.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), secondsLeft < 0 ? secondsLeft - 3600 : -60);
    X509_gmtime_adj(X509_getm_notAfter(made), secondsLeft);
    X509_set_pubkey(made, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const auto& signer = issuer == nullptr ? *this : *issuer;
    X509_set_issuer_name(made, X509_get_subject_name(signer.certificate_.get()));
    addExtension(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
    if (issuer != nullptr) addExtension(NID_subject_alt_name, "DNS:" + name);
    X509_sign(made, signer.key_.get(), EVP_sha256());
  }

  void addExtension(int nid, const std::string& value) {
    const auto extension = shared<X509_EXTENSION, X509_EXTENSION_free>(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
    X509_add_ext(certificate_.get(), extension.get(), -1);
  }

  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

}  // namespace beastio::test
