// Stands in for src/crypto/crypto_tls.h of Node's source tree. eiows clones that from GitHub to
// reach the SSL object of a connection that Node's TLS holds. The bench measures eiows over plain
// TCP, where that object is never asked for. So this class has none, and everything else of eiows
// is as published.
#pragma once

#include <node.h>
#include <openssl/ssl.h>

#include <memory>

#define ASSIGN_OR_RETURN_UNWRAP(pointer, object) \
  do {                                           \
    static_cast<void>(object);                   \
    *(pointer) = nullptr;                        \
    return;                                      \
  } while (0)

namespace node {

class BaseObject {};

namespace crypto {

class TLSWrap : public BaseObject {
 public:
  const std::unique_ptr<SSL, decltype(&SSL_free)>* getSSL() const { return nullptr; }
};

}  // namespace crypto
}  // namespace node
