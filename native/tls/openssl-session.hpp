// A TlsSession of OpenSSL. Through a BIO of ours, OpenSSL reads from and writes to the buffers of
// the call that is under way. No byte is copied to get there.
// Runs on: one thread at a time. Owner: its stream.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/tls.hpp"
#include "handles.hpp"

namespace beastio::tls {

class OpensslContext;

/// Where OpenSSL's bytes come from and go to.
struct Wire {
  std::span<const std::uint8_t>* in = nullptr;
  std::string* out = nullptr;
};

class OpensslSession final : public TlsSession {
 public:
  /// Errors: none if there is no memory.
  static std::unique_ptr<OpensslSession> create(SslPtr ssl,
                                                std::shared_ptr<const OpensslContext> context);
  OpensslSession(const OpensslSession&) = delete;
  OpensslSession& operator=(const OpensslSession&) = delete;

  /// The session that `ssl` belongs to.
  static const OpensslSession& of(const SSL* ssl);
  const OpensslContext& context() const { return *context_; }

  Status read(std::span<const std::uint8_t>& encrypted, std::span<std::uint8_t> plain,
              std::size_t& count, std::string& out) override;
  bool write(std::span<const std::uint8_t> plain, std::string& out) override;
  void end(std::string& out) override;
  bool established() const override { return SSL_is_init_finished(ssl_.get()) != 0; }
  std::string_view error() const override { return error_; }
  TlsFacts facts() const override;
  std::string session() const override;
  std::string finished(bool fromPeer) const override;
  std::vector<std::string> sharedSignatures() const override;
  std::optional<std::string> exportKeyingMaterial(
      std::size_t length, std::string_view label,
      std::optional<std::string_view> context) const override;
  bool setMaxRecordBytes(std::size_t bytes) override;

 private:
  OpensslSession(SslPtr ssl, std::shared_ptr<const OpensslContext> context);
  Status fail();

  std::shared_ptr<const OpensslContext> context_;
  Wire wire_;
  std::string error_;
  SslPtr ssl_;
};

}  // namespace beastio::tls
