// Packets on a WebTransport stream read the same wherever they are cut, and keep to their limit.
#include "protocol/engineio/webtransport-frame.hpp"

#include <string>
#include <vector>

#include "fuzz/support/dice.hpp"
#include "fuzz/support/target.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

constexpr std::size_t kMaxPacketBytes = 5000;

struct Recorder {
  std::vector<std::string> packets{};

  bool onPacket(Bytes packet, bool binary) {
    promise(!packet.empty() && packet.size() <= kMaxPacketBytes, "a limit holds");
    packets.push_back((binary ? "binary " : "text ") + std::string(asText(packet)));
    return packets.back() != "text 1";  // as a session that closes
  }
};

struct Outcome {
  std::vector<std::string> packets;
  bool isInOrder;
  bool operator==(const Outcome&) const = default;
};

Outcome read(const std::vector<std::string_view>& parts) {
  PacketStreamParser parser(kMaxPacketBytes);
  Recorder recorder;
  bool isInOrder = true;
  for (const auto part : parts) isInOrder = parser.consume(asBytes(part), recorder);
  return {std::move(recorder.packets), isInOrder};
}

void run(std::string_view input) {
  promise(read(Dice(input).cut(input)) == read({input}),
          "packets read the same wherever they are cut");
}

const Registration kRegistration({"webtransport-frame", &run});

}  // namespace
}  // namespace beastio::fuzz
