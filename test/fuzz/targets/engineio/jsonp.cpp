// Forms and callbacks of JSONP polling.
#include "protocol/engineio/jsonp.hpp"

#include <algorithm>
#include <string>

#include "fuzz/support/target.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

void run(std::string_view input) {
  // A byte that is not UTF-8 becomes U+FFFD, which has three.
  const auto payload = decodeJsonpBody(input);
  promise(!payload || payload->size() <= 3 * input.size(), "a payload is no longer than its form");
  promise(!payload || classifyUtf8(*payload) != TextKind::kInvalid, "a payload is UTF-8");

  std::string text;
  appendWellFormedUtf8(input, text);
  const std::string script = encodeJsonpScript(input, text);
  promise(script.starts_with("___eio[") && script.ends_with("\");"), "a script is a call");
  promise(std::all_of(script.begin(), script.end(),
                      [](char byte) { return static_cast<unsigned char>(byte) >= 0x20; }),
          "a script has no control characters");
}

const Registration kRegistration({"jsonp", &run});

}  // namespace
}  // namespace beastio::fuzz
