// Base64 decodes within bounds, and what was decoded reads the same again when it is encoded.
#include "protocol/text/base64.hpp"

#include <string>

#include "fuzz/support/target.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

void run(std::string_view input) {
  const auto bytes = decodeBase64(input);
  promise(bytes.size() <= input.size(), "bytes are fewer than letters");
  std::string again;
  appendBase64(asBytes(bytes), again);
  promise(decodeBase64(again) == bytes, "bytes read as they were written");
  std::string encoded;
  appendBase64(asBytes(input), encoded);
  promise(decodeBase64(encoded) == input, "whatever the bytes are");
}

const Registration kRegistration({"base64", &run});

}  // namespace
}  // namespace beastio::fuzz
