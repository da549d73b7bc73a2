// Session tickets under keys that the application gave, as Node's servers make them, so that the
// processes of a cluster can read each other's. Runs on: any thread.
#pragma once

#include <openssl/evp.h>

#include <string_view>

namespace beastio::tls {

/// What OpenSSL asks of a callback for one ticket, to be made (`encrypt`) or read. `keys`: see
/// OpensslContext::ticketKeys.
int handleTicketKey(std::string_view keys, unsigned char* name, unsigned char* iv,
                    EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int encrypt);

}  // namespace beastio::tls
