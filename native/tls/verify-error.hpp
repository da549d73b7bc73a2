// The names of OpenSSL's reasons for not trusting a certificate, as Node's `authorizationError` has
// them. Pure.
#pragma once

namespace beastio::tls {

/// Empty for X509_V_OK.
const char* nameOfVerifyError(long code);

}  // namespace beastio::tls
