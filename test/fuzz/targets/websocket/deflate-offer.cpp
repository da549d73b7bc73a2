// Offers of compression are refused, or agreed on in full.
#include "protocol/websocket/deflate-offer.hpp"

#include "fuzz/support/target.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

bool isWindow(std::uint8_t bits) { return bits >= 8 && bits <= 15; }

void negotiate(std::string_view header, WindowBitsOption window) {
  DeflateOptions options;
  options.serverMaxWindowBits = window;
  const auto agreed = negotiateDeflate(header, options);
  if (agreed.outcome != DeflateNegotiation::Outcome::kAccepted) {
    return promise(agreed.answer.empty(), "a refusal has no answer");
  }
  promise(isWindow(agreed.parameters.serverWindowBits), "the server has a window");
  promise(isWindow(agreed.parameters.clientWindowBits), "the client has a window");
  promise(agreed.answer.starts_with("permessage-deflate"), "the answer names the extension");
}

void run(std::string_view input) {
  negotiate(input, {});
  negotiate(input, {WindowBitsOption::Kind::kFixed, 10});
  negotiate(input, {WindowBitsOption::Kind::kRefused, 0});
}

const Registration kRegistration({"deflate-offer", &run});

}  // namespace
}  // namespace beastio::fuzz
