// Keys, certificates and what is trusted, from PEM and PKCS#12 into an SSL_CTX.
// Runs on: any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "beastio/tls-options.hpp"
#include "handles.hpp"

namespace beastio::tls {

/// Errors: returns the reason, which names the option; empty if all was taken.
std::string useCredentials(SSL_CTX* context, const TlsCredentials& credentials);

/// Trusts certificates without announcing them to clients. Errors: as useCredentials.
std::string useRoots(SSL_CTX* context, const std::vector<std::string>& roots);

/// `dhparam`: PEM or "auto". Errors: as useCredentials.
std::string useDhParameters(SSL_CTX* context, const std::string& dhparam);

}  // namespace beastio::tls
