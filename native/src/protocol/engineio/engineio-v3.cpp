// Engine.IO v3: packets, and the two framings of polling payloads. Runs on: any thread.
#include "protocol/engineio/engineio-v3.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "protocol/text/base64.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::protocol::v3 {
namespace {

constexpr char kBase64Prefix = 'b';
constexpr char kLengthEnd = ':';
constexpr char kTextMark = '\0';
constexpr char kBinaryMark = '\1';
constexpr char kBinaryLengthEnd = '\xFF';
constexpr std::size_t kMaxLengthDigits = 310;  // engine.io's: those of the largest double
constexpr PacketView kIgnored{.type = PacketType::kNoop};

bool isKnown(int type) {
  return type >= static_cast<int>(PacketType::kOpen) && type <= static_cast<int>(PacketType::kNoop);
}

bool isContinuation(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0) == 0x80; }

/// How many UTF-16 units the character takes that begins with the byte `lead`.
std::size_t unitsOf(char lead) { return static_cast<std::uint8_t>(lead) >= 0xF0 ? 2 : 1; }

std::size_t utf16Length(std::string_view text) {
  std::size_t units = 0;
  for (const char byte : text) {
    if (!isContinuation(byte)) units += unitsOf(byte);
  }
  return units;
}

/// How many bytes `units` UTF-16 units of `text` take. Empty: it has fewer, or they end within a
/// character.
std::optional<std::size_t> bytesOfUnits(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (units > 0) {
    if (at == text.size() || unitsOf(text[at]) > units) return std::nullopt;
    units -= unitsOf(text[at]);
    ++at;
    while (at < text.size() && isContinuation(text[at])) ++at;
  }
  return at;
}

/// Reads decimal digits, all of `text`.
std::optional<std::size_t> parseLength(std::string_view text) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

/// One packet of a binary payload.
struct Framed {
  bool text;
  std::string_view packet;
};

/// Takes the first packet off `rest`. Empty: its length is malformed or cut off. A length beyond
/// the end means all that is left, as with engine.io.
std::optional<Framed> takeFramed(std::string_view& rest) {
  const bool text = rest.front() == kTextMark;
  std::size_t length = 0;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != kBinaryLengthEnd; ++at) {
    const auto digit = static_cast<std::uint8_t>(rest[at]);
    if (digit > 9 || at > kMaxLengthDigits) return std::nullopt;
    length = std::min(length * 10 + digit, rest.size());
  }
  if (at == rest.size() || at == 1) return std::nullopt;
  const Framed framed{text, rest.substr(at + 1, length)};
  rest.remove_prefix(at + 1 + framed.packet.size());
  return framed;
}

void appendFramed(bool text, char type, std::string_view data, std::string& body) {
  body.push_back(text ? kTextMark : kBinaryMark);
  for (const char digit : std::to_string(1 + data.size())) {
    body.push_back(static_cast<char>(digit - '0'));
  }
  body.push_back(kBinaryLengthEnd);
  body.push_back(type);
  body.append(data);
}

/// Reads a text as utf8.js does without `strict`: an encoded surrogate, which is not UTF-8, is
/// U+FFFD. Empty: it is invalid in another way.
std::optional<std::string_view> decodeText(std::string_view text, std::string& decoded) {
  if (classifyUtf8(text) != TextKind::kInvalid) return text;
  decoded = text;
  for (std::size_t at = 0; (at = decoded.find('\xED', at)) != std::string::npos; ++at) {
    const bool surrogate = decoded.size() - at >= 3 && isContinuation(decoded[at + 1]) &&
                           static_cast<std::uint8_t>(decoded[at + 1]) >= 0xA0 &&
                           isContinuation(decoded[at + 2]);
    if (surrogate) decoded.replace(at, 3, "\xEF\xBF\xBD");
  }
  if (classifyUtf8(decoded) == TextKind::kInvalid) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<PacketView> parseTextPacket(std::string_view text, std::string& decoded) {
  if (!text.starts_with(kBase64Prefix)) return parsePacket(text);
  if (text.size() < 2 || !isKnown(text[1] - '0')) return kIgnored;
  decoded = decodeBase64(text.substr(2));
  return PacketView{
      .type = static_cast<PacketType>(text[1] - '0'), .binary = true, .data = decoded};
}

PacketView parseBinaryPacket(std::string_view bytes) {
  if (bytes.empty() || !isKnown(bytes.front())) return kIgnored;
  return {.type = static_cast<PacketType>(bytes.front()), .binary = true, .data = bytes.substr(1)};
}

void appendBase64Packet(const PacketView& packet, std::string& out) {
  out.push_back(kBase64Prefix);
  out.push_back(typeCharacter(packet.type));
  appendBase64(asBytes(packet.data), out);
}

EncodedPayload encodePayload(std::span<const PacketView> packets, bool supportsBinary) {
  if (packets.empty()) return {.body = "0:"};
  const auto isBinary = [](const PacketView& packet) { return packet.binary; };
  EncodedPayload payload{.binary = supportsBinary &&
                                   std::any_of(packets.begin(), packets.end(), isBinary)};
  std::string base64;
  for (const PacketView& packet : packets) {
    if (payload.binary) {
      const char type = packet.binary ? typeByte(packet.type) : typeCharacter(packet.type);
      appendFramed(!packet.binary, type, packet.data, payload.body);
    } else if (packet.binary) {
      base64.clear();
      appendBase64Packet(packet, base64);
      payload.body.append(std::to_string(base64.size())).push_back(kLengthEnd);
      payload.body.append(base64);
    } else {
      payload.body.append(std::to_string(1 + utf16Length(packet.data))).push_back(kLengthEnd);
      payload.body.push_back(typeCharacter(packet.type));
      payload.body.append(packet.data);
    }
  }
  return payload;
}

PayloadReader::PayloadReader(std::string_view body, Form form)
    : rest_(body), form_(form), malformed_(form == Form::kText && body.empty()) {
  // All frames are checked before the first packet is reported, as engine.io does.
  if (form == Form::kBinary) {
    while (!body.empty() && !malformed_) malformed_ = !takeFramed(body);
  }
}

PayloadReader::Result PayloadReader::next(PacketView& packet) {
  if (malformed_) return end(Result::kError);
  return form_ == Form::kText ? nextOfText(packet) : nextOfBinary(packet);
}

PayloadReader::Result PayloadReader::nextOfText(PacketView& packet) {
  while (!rest_.empty()) {
    const std::size_t colon = rest_.find(kLengthEnd);
    const auto length = parseLength(rest_.substr(0, colon));
    if (colon == std::string_view::npos || !length) return end(Result::kError);
    rest_.remove_prefix(colon + 1);
    const auto bytes = bytesOfUnits(rest_, *length);
    if (!bytes) return end(Result::kError);
    if (*bytes == 0) continue;

    const auto parsed = parseTextPacket(rest_.substr(0, *bytes), decoded_);
    if (!parsed) return end(Result::kError);
    rest_.remove_prefix(*bytes);
    packet = *parsed;
    return Result::kPacket;
  }
  return Result::kEnd;
}

PayloadReader::Result PayloadReader::nextOfBinary(PacketView& packet) {
  if (rest_.empty()) return Result::kEnd;
  const auto framed = takeFramed(rest_);
  if (!framed->text) {
    packet = parseBinaryPacket(framed->packet);
    return Result::kPacket;
  }
  // Base64 is read as it is; any other text must be UTF-8.
  const bool base64 = framed->packet.starts_with(kBase64Prefix);
  const auto text = base64 ? framed->packet : decodeText(framed->packet, decoded_);
  const auto parsed = text ? parseTextPacket(*text, decoded_) : std::nullopt;
  if (!parsed) return end(Result::kError);
  packet = *parsed;
  return Result::kPacket;
}

PayloadReader::Result PayloadReader::end(Result result) {
  rest_ = {};
  malformed_ = false;
  return result;
}

}  // namespace beastio::protocol::v3
