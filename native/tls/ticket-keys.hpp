// Session tickets under keys that the application gave, as Node's servers make them, so that the
// processes of a cluster can read each other's. Runs on: any thread.
#pragma once

#include <openssl/ssl.h>

namespace beastio::tls {

/// OpenSSL's callback for one ticket, to be made (`encrypt`) or read.
int handleTicketKey(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                    EVP_MAC_CTX* mac, int encrypt);

}  // namespace beastio::tls
