#include "openssl-context.hpp"

#include <limits>
#include <utility>

#include "credentials.hpp"
#include "openssl-session.hpp"
#include "ticket-keys.hpp"

namespace beastio::tls {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A client whose certificate is not trusted is let through; the application looks at the facts.
int acceptAnyCertificate(int, X509_STORE_CTX*) { return 1; }

SslCtxPtr newContext() {
  SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context) return context;
  // An idle connection keeps no record buffers. Renegotiation is a way to burn the server's time.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  return context;
}

std::string useCiphers(SSL_CTX* context, const TlsOptions& options) {
  if (SSL_CTX_set_ciphersuites(context, options.cipherSuites.c_str()) != 1) {
    return "ciphers: " + takeError();
  }
  // OpenSSL calls it an error that an empty list is empty.
  if (SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) != 1 && !options.ciphers.empty()) {
    return "ciphers: " + takeError();
  }
  ERR_clear_error();
  return {};
}

}  // namespace

bool matchesName(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() != '*') {
    return !name.empty() && lower(pattern.front()) == lower(name.front()) &&
           matchesName(pattern.substr(1), name.substr(1));
  }
  for (std::size_t i = 0;; ++i) {
    if (matchesName(pattern.substr(1), name.substr(i))) return true;
    if (i == name.size() || name[i] == '.') return false;
  }
}

OpensslContext::OpensslContext(const TlsOptions& options)
    : context_(newContext()),
      ticketKeys_(options.ticketKeys),
      requestsCertificate_(options.requestCert),
      handshakeTimeout_(options.handshakeTimeout) {
  for (const auto& name : options.alpnProtocols) {
    alpn_.push_back(static_cast<char>(name.size()));
    alpn_.append(name);
  }
}

std::string OpensslContext::build(const TlsOptions& options) {
  auto* const context = context_.get();
  if (context == nullptr) return takeError();
  // First the ciphers: their `@SECLEVEL` decides which keys and certificates are strong enough.
  auto error = useCiphers(context, options);
  if (error.empty()) error = useCredentials(context, options.credentials);
  if (error.empty() && options.credentials.cas.empty()) error = useRoots(context, options.roots);
  if (error.empty()) error = useDhParameters(context, options.dhparam);
  if (error.empty()) error = buildRules(context, options);
  if (error.empty()) error = buildSessions(context, options);
  for (const auto& [name, credentials] : options.contexts) {
    if (!error.empty()) return error;
    auto& named = named_.emplace_back(Named{name, newContext()});
    if (!named.context) return takeError();
    error = useCiphers(named.context.get(), options);
    if (error.empty()) error = useCredentials(named.context.get(), credentials);
    if (error.empty() && credentials.cas.empty()) {
      error = useRoots(named.context.get(), options.roots);
    }
    if (!error.empty()) error.insert(0, "contexts[" + name + "].");
  }
  return error;
}

std::string OpensslContext::buildRules(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_options(
      context,
      options.secureOptions | (options.honorCipherOrder ? SSL_OP_CIPHER_SERVER_PREFERENCE : 0));
  if (SSL_CTX_set_min_proto_version(context, options.minVersion) != 1) {
    return "minVersion: " + takeError();
  }
  if (SSL_CTX_set_max_proto_version(context, options.maxVersion) != 1) {
    return "maxVersion: " + takeError();
  }
  if (!options.groups.empty() && SSL_CTX_set1_groups_list(context, options.groups.c_str()) != 1) {
    return "ecdhCurve: " + takeError();
  }
  if (!options.sigalgs.empty() &&
      SSL_CTX_set1_sigalgs_list(context, options.sigalgs.c_str()) != 1) {
    return "sigalgs: " + takeError();
  }
  if (options.requestCert) {
    const bool reject = options.rejectUnauthorized;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (reject ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       reject ? nullptr : acceptAnyCertificate);
  }
  if (!alpn_.empty()) {
    SSL_CTX_set_alpn_select_cb(context, &OpensslContext::chooseApplicationProtocol, this);
  }
  SSL_CTX_set_tlsext_servername_callback(context, &OpensslContext::chooseContext);
  SSL_CTX_set_tlsext_servername_arg(context, this);
  return {};
}

std::string OpensslContext::buildSessions(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(context, kMaxCachedSessions);
  SSL_CTX_set_timeout(context, static_cast<long>(options.sessionTimeout.count()));
  const auto& name = options.sessionIdContext;
  if (SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(name.data()),
                                     static_cast<unsigned>(name.size())) != 1) {
    return "sessionIdContext: " + takeError();
  }
  if (ticketKeys_.empty()) return {};
  if (ticketKeys_.size() != kTicketKeysBytes) return "ticketKeys: it must have 48 bytes";
  SSL_CTX_set_tlsext_ticket_key_evp_cb(
      context, [](SSL* ssl, unsigned char* keyName, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                  EVP_MAC_CTX* mac, int encrypt) {
        const auto keys = OpensslSession::of(ssl).context().ticketKeys();
        return handleTicketKey(keys, keyName, iv, cipher, mac, encrypt);
      });
  return {};
}

std::unique_ptr<TlsSession> OpensslContext::newSession() const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl) {
    ERR_clear_error();
    return nullptr;
  }
  return OpensslSession::create(std::move(ssl), shared_from_this());
}

// A name that is in no context gets the port's certificate, as Node's servers give it.
int OpensslContext::chooseContext(SSL* ssl, int*, void* self) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
  const auto& named = static_cast<const OpensslContext*>(self)->named_;
  for (auto it = named.rbegin(); it != named.rend(); ++it) {
    if (!matchesName(it->pattern, name)) continue;
    SSL_set_SSL_CTX(ssl, it->context.get());
    break;
  }
  return SSL_TLSEXT_ERR_OK;
}

int OpensslContext::chooseApplicationProtocol(SSL*, const unsigned char** out,
                                              unsigned char* outSize, const unsigned char* in,
                                              unsigned inSize, void* self) {
  const auto& own = static_cast<const OpensslContext*>(self)->alpn_;
  unsigned char* chosen = nullptr;
  const int result =
      SSL_select_next_proto(&chosen, outSize, reinterpret_cast<const unsigned char*>(own.data()),
                            static_cast<unsigned>(own.size()), in, inSize);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace beastio::tls

namespace beastio {

std::shared_ptr<const TlsContext> makeTlsContext(const TlsOptions& options, std::string& error) {
  ERR_clear_error();
  const auto context = std::make_shared<tls::OpensslContext>(options);
  error = context->build(options);
  ERR_clear_error();  // the thread's list of errors may be somebody else's too
  if (!error.empty()) return nullptr;
  return context;
}

}  // namespace beastio
