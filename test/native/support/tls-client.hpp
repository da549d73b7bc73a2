// The client's end of TLS, as OpenSSL has it, without a socket: the test carries the bytes.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/certificates.hpp"

namespace beastio::test {

/// What is set before a client connects, and kept for its next connection.
class TlsClientContext {
 public:
  TlsClientContext() : context_(shared<SSL_CTX, SSL_CTX_free>(SSL_CTX_new(TLS_client_method()))) {
    SSL_CTX_set_session_cache_mode(get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(get(), this);
    SSL_CTX_sess_set_new_cb(get(), [](SSL* ssl, SSL_SESSION* made) {
      auto& self = *static_cast<TlsClientContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
      self.session = shared<SSL_SESSION, SSL_SESSION_free>(made);
      return 1;
    });
  }
  TlsClientContext(const TlsClientContext&) = delete;
  TlsClientContext& operator=(const TlsClientContext&) = delete;

  SSL_CTX* get() const { return context_.get(); }
  void only(int version) const {
    SSL_CTX_set_min_proto_version(get(), version);
    SSL_CTX_set_max_proto_version(get(), version);
  }
  void present(const Identity& identity) const {
    SSL_CTX_use_certificate(get(), identity.x509());
    SSL_CTX_use_PrivateKey(get(), identity.pkey());
  }

  std::shared_ptr<SSL_SESSION> session;  ///< the last one that a server gave

 private:
  std::shared_ptr<SSL_CTX> context_;
};

class TlsClient {
 public:
  explicit TlsClient(const TlsClientContext& context, const char* serverName = nullptr,
                     std::string_view alpn = {}, bool resume = false)
      : ssl_(shared<SSL, SSL_free>(SSL_new(context.get()))) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(get(), in_, out_);
    SSL_set_connect_state(get());
    if (serverName != nullptr) SSL_set_tlsext_host_name(get(), serverName);
    if (!alpn.empty()) {
      SSL_set_alpn_protos(get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
    }
    if (resume) SSL_set_session(get(), context.session.get());
  }

  SSL* get() const { return ssl_.get(); }
  bool established() const { return SSL_is_init_finished(get()) != 0; }

  /// Takes what the server sent, and goes on with the handshake.
  void receive(std::string_view encrypted) {
    BIO_write(in_, encrypted.data(), static_cast<int>(encrypted.size()));
    std::array<char, 16 * 1024> buffer;
    for (;;) {
      ERR_clear_error();
      const int count = SSL_read(get(), buffer.data(), static_cast<int>(buffer.size()));
      if (count > 0) {
        records.push_back(static_cast<std::size_t>(count));
        plain.append(buffer.data(), static_cast<std::size_t>(count));
        continue;
      }
      status = SSL_get_error(get(), count);
      if (status == SSL_ERROR_SSL) {
        const char* reason = ERR_reason_error_string(ERR_peek_last_error());
        error = reason == nullptr ? "?" : reason;
      }
      return;
    }
  }
  void send(std::string_view text) {
    if (!text.empty()) SSL_write(get(), text.data(), static_cast<int>(text.size()));
  }
  void end() { SSL_shutdown(get()); }
  /// What is to be sent to the server.
  std::string take() {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out_, &data);
    std::string bytes(data, static_cast<std::size_t>(size));
    static_cast<void>(BIO_reset(out_));
    return bytes;
  }
  std::string serverName() const {
    const auto certificate = shared<X509, X509_free>(SSL_get1_peer_certificate(get()));
    std::array<char, 256> text{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, text.data(),
                              static_cast<int>(text.size()));
    return text.data();
  }

  std::string plain;
  std::vector<std::size_t> records;  ///< the sizes of what came
  int status = SSL_ERROR_NONE;
  std::string error;

 private:
  std::shared_ptr<SSL> ssl_;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
};

}  // namespace beastio::test
