// WebSocket frames read the same wherever they are cut, and no message is longer than allowed.
#include <algorithm>
#include <string>

#include "fuzz/support/dice.hpp"
#include "fuzz/support/target.hpp"
#include "protocol/websocket/frame-builder.hpp"

namespace beastio::fuzz {
namespace {

using protocol::FrameParser;

constexpr std::size_t kMaxMessageBytes = 5000;
constexpr std::string_view kLongestPrefix = "compressed 2 ";  // of a line of the log

void readWith(std::string_view input, bool allowCompressed) {
  const FrameParser::Limits limits{
      .maxMessageBytes = kMaxMessageBytes, .maxFragments = 6, .allowCompressed = allowCompressed};
  const auto whole = protocol::test::parse(input, limits);
  promise(protocol::test::parse(Dice(input).cut(input), limits) == whole,
          "frames read the same wherever they are cut");
  for (const auto& line : whole.log) {
    promise(line.size() <= kMaxMessageBytes + kLongestPrefix.size(), "a limit holds");
  }
}

void run(std::string_view input) {
  readWith(input, false);
  readWith(input, true);
}

const Registration kRegistration({"websocket-frame", &run});

}  // namespace
}  // namespace beastio::fuzz
