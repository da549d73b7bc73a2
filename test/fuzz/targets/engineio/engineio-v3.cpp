// Payloads and packets of protocol 3 keep to their text.
#include "protocol/engineio/engineio-v3.hpp"

#include <string>

#include "fuzz/support/target.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;
using Form = v3::PayloadReader::Form;

/// Reads up to the end or the first error.
void readAll(std::string_view payload, Form form) {
  v3::PayloadReader reader(payload, form);
  PacketView packet;
  std::size_t total = 0;
  while (reader.next(packet) == PayloadReader::Result::kPacket) total += packet.data.size();
  promise(total <= payload.size(), "packets are no longer than their payload");
}

void run(std::string_view input) {
  std::string wellFormed;
  appendWellFormedUtf8(input, wellFormed);
  readAll(wellFormed, Form::kText);
  readAll(input, Form::kBinary);

  std::string decoded;
  const auto text = v3::parseTextPacket(input, decoded);
  promise(!text || text->data.size() <= input.size(), "a packet is no longer than its text");
  promise(isWithin(v3::parseBinaryPacket(input).data, input), "a binary packet lies within");
}

const Registration kRegistration({"engineio-v3", &run});

}  // namespace
}  // namespace beastio::fuzz
