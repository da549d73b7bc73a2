// Stamping two 32-bit numbers as hexadecimal digits into a prepared packet.
#include "message.hpp"

#include "error.hpp"

namespace load {
namespace {

constexpr std::size_t kDigits = 8;

void writeHex(char* out, std::uint32_t value) {
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < kDigits; ++i) out[i] = kHex[value >> (28 - 4 * i) & 0xF];
}

}  // namespace

Message::Message(std::string_view event, std::size_t payloadBytes)
    : packet_("42[\"" + std::string(event) + "\",\""), numbersAt_(packet_.size()) {
  if (payloadBytes < 2 * kDigits) throw LoadError("a payload has 16 bytes or more");
  packet_.append(payloadBytes, 'm').append("\"]");
}

std::string_view Message::stamp(std::uint32_t sender, std::uint32_t sequence) {
  writeHex(packet_.data() + numbersAt_, sender);
  writeHex(packet_.data() + numbersAt_ + kDigits, sequence);
  return packet_;
}

void Message::reject(std::size_t member, std::string_view got, std::uint32_t sender,
                     std::uint32_t sequence) {
  throw LoadError("connection " + std::to_string(member) + " got '" +
                  std::string(got.substr(0, 120)) + "' where '" +
                  std::string(stamp(sender, sequence).substr(0, 120)) + "' was due");
}

}  // namespace load
