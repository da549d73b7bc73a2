#include "ticket-keys.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <string>

namespace beastio::tls {
namespace {

constexpr std::size_t kPartBytes = 16;  // name, HMAC key, AES key

constexpr int kFailed = -1;
constexpr int kUnknownKey = 0;
constexpr int kDone = 1;

}  // namespace

int handleTicketKey(std::string_view keys, unsigned char* name, unsigned char* iv,
                    EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int encrypt) {
  const auto part = [&keys](std::size_t index) {
    return reinterpret_cast<const unsigned char*>(keys.data()) + index * kPartBytes;
  };
  if (encrypt != 0) {
    std::memcpy(name, part(0), kPartBytes);
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_128_cbc())) != 1) return kFailed;
  } else if (std::memcmp(name, part(0), kPartBytes) != 0) {
    return kUnknownKey;
  }
  std::string hmacKey(reinterpret_cast<const char*>(part(1)), kPartBytes);
  std::string digest = "sha256";
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, hmacKey.data(), hmacKey.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  const bool ready =
      EVP_MAC_CTX_set_params(mac, parameters.data()) == 1 &&
      EVP_CipherInit_ex(cipher, EVP_aes_128_cbc(), nullptr, part(2), iv, encrypt) == 1;
  return ready ? kDone : kFailed;
}

}  // namespace beastio::tls
