// Compressed messages inflate to their limit at most, whatever came before.
#include <cstdint>
#include <vector>

#include "fuzz/support/target.hpp"
#include "protocol/text/bytes.hpp"
#include "protocol/websocket/message-inflater.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

constexpr std::size_t kLimit = 10'000;

void run(std::string_view input) {
  MessageInflater inflater(15);
  std::vector<std::uint8_t> message;
  // Twice: the second one may refer to the first.
  for (int i = 0; i < 2; ++i) {
    const auto result = inflater.inflate(asBytes(input), kLimit, message);
    promise(result != MessageInflater::Result::kDone || message.size() <= kLimit, "a limit holds");
    promise(result != MessageInflater::Result::kInvalid || !inflater.errorText().empty(),
            "an error has words");
    if (result != MessageInflater::Result::kDone) inflater.reset();
  }
}

const Registration kRegistration({"websocket-deflate", &run});

}  // namespace
}  // namespace beastio::fuzz
