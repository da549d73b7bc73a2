// Reads packets as socket.io-parser does, which asks JavaScript's Number for digits: so white space
// counts as a zero, and `0x1` is a number of attachments. Runs on: any thread.
#include "protocol/socketio/socketio-packet.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "protocol/text/decimal.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"
#include "protocol/text/json-writer.hpp"

namespace beastio::protocol {
namespace {

using Type = SocketioPacket::Type;

constexpr double kNoIndex = 4294967295;  // 2^32 - 1: arrays of JavaScript are shorter

/// Names that no client may use for an event: applications hear them of the library.
constexpr std::array<std::string_view, 6> kReservedEvents{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

/// What JavaScript takes for white space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> kWideSpaces{
    "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
    "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87",
    "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9",
    "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"};

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }
bool isAscii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }
bool isAsciiSpace(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

bool isBinary(Type type) { return type == Type::kBinaryEvent || type == Type::kBinaryAck; }

/// How many bytes of white space `text` begins with: those of one character, or none.
std::size_t spaceAtFront(std::string_view text) {
  if (text.empty()) return 0;
  if (isAscii(text.front())) return isAsciiSpace(text.front()) ? 1 : 0;
  for (const auto space : kWideSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t spaceAtBack(std::string_view text) {
  if (text.empty()) return 0;
  if (isAscii(text.back())) return isAsciiSpace(text.back()) ? 1 : 0;
  for (const auto space : kWideSpaces) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

/// `text` as Number reads it: without white space around it.
std::string_view trim(std::string_view text) {
  while (const std::size_t bytes = spaceAtFront(text)) text.remove_prefix(bytes);
  while (const std::size_t bytes = spaceAtBack(text)) text.remove_suffix(bytes);
  return text;
}

/// How many bytes the first character has if Number(character) is one, or 0.
std::size_t digitAtFront(std::string_view text) {
  return !text.empty() && isDigit(text.front()) ? 1 : spaceAtFront(text);
}

template <class Integer>
std::optional<Integer> readWhole(std::string_view text, int base = 10) {
  Integer number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (stop != end || error != std::errc()) return std::nullopt;
  return number;
}

/// A number of attachments, which has no '-' in it. 0: not a whole one, or over 2^32 - 1.
std::uint32_t readAttachments(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 && text.front() == '0' && !isDigit(text[1])) {
    const auto digits = text.substr(2);
    if (text[1] == 'x' || text[1] == 'X') return readWhole<std::uint32_t>(digits, 16).value_or(0);
    if (text[1] == 'o' || text[1] == 'O') return readWhole<std::uint32_t>(digits, 8).value_or(0);
    if (text[1] == 'b' || text[1] == 'B') return readWhole<std::uint32_t>(digits, 2).value_or(0);
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  if (!text.starts_with('.') && !(!text.empty() && isDigit(text.front()))) return 0;  // not "inf"
  double count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = readDecimal(text.data(), end, count);
  if (stop != end || error != std::errc()) return 0;
  if (count > std::numeric_limits<std::uint32_t>::max()) return 0;
  const auto whole = static_cast<std::uint32_t>(count);
  return static_cast<double>(whole) == count ? whole : 0;
}

/// Reads an id, if there is one, and cuts it off.
std::optional<std::uint64_t> takeId(std::string_view& text) {
  std::size_t end = 0;
  while (const std::size_t bytes = digitAtFront(text.substr(end))) end += bytes;
  if (end == 0) return std::nullopt;
  const auto digits = trim(text.substr(0, end));
  text.remove_prefix(end);
  if (digits.empty()) return 0;
  return readWhole<std::uint64_t>(digits).value_or(SocketioPacket::kUnknownId);
}

/// Reads a namespace, if there is one, and cuts it off with its comma.
void takeNamespace(std::string_view& text, SocketioPacket& packet) {
  if (!text.starts_with('/')) return;
  packet.nsp = text.substr(0, text.find(','));
  text.remove_prefix(std::min(packet.nsp.size() + 1, text.size()));
  if (const auto mark = packet.nsp.find('?'); mark != std::string_view::npos) {
    packet.query = packet.nsp.substr(mark + 1);
    packet.nsp = packet.nsp.substr(0, mark);
  }
}

bool isValidEvent(std::string_view payload) {
  std::string scratch;
  const auto event = eventNameOf(payload, scratch);
  return event && std::find(kReservedEvents.begin(), kReservedEvents.end(), event->name) ==
                      kReservedEvents.end();
}

/// Whether `quoted` means `text`, which needs no escapes.
bool isString(std::string_view quoted, std::string_view text) {
  if (quoted.find('\\') == std::string_view::npos)
    return quoted.substr(1).starts_with(text) && quoted.size() == text.size() + 2;
  std::string unescaped;
  return readJsonString(quoted, unescaped) && unescaped == text;
}

/// The index that a `num` is to JavaScript, whose numbers are doubles, or kNoAttachment.
std::size_t attachmentOf(std::string_view value) {
  double number = -1;
  if (!readJsonNumber(value, number) || !(number >= 0 && number < kNoIndex)) return kNoAttachment;
  const auto index = static_cast<std::size_t>(number);
  return static_cast<double>(index) == number ? index : kNoAttachment;
}

}  // namespace

std::optional<SocketioPacket> parseSocketioPacket(std::string_view text,
                                                  std::size_t maxAttachments) {
  SocketioPacket packet;
  if (!text.empty()) {  // an empty text is a CONNECT, as is one that begins with white space
    const std::size_t bytes = digitAtFront(text);
    const int type = isDigit(text.front()) ? text.front() - '0' : 0;
    if (bytes == 0 || type > static_cast<int>(Type::kBinaryAck)) return std::nullopt;
    packet.type = static_cast<Type>(type);
    text.remove_prefix(bytes);
  }
  if (isBinary(packet.type)) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    packet.attachments = readAttachments(text.substr(0, dash));
    if (packet.attachments == 0 || packet.attachments > maxAttachments) return std::nullopt;
    text.remove_prefix(dash + 1);
  }
  takeNamespace(text, packet);
  packet.id = takeId(text);
  packet.payload = text;
  return packet;
}

bool isPayloadValid(const SocketioPacket& packet, std::size_t maxDepth) {
  if (packet.payload.empty()) return true;
  if (!isValidJson(packet.payload, maxDepth)) return false;
  const char first = packet.payload[skipJsonSpace(packet.payload, 0)];
  switch (packet.type) {
    case Type::kConnect:
      return first == '{';
    case Type::kDisconnect:
      return false;
    case Type::kConnectError:
      return first == '{' || first == '"';
    case Type::kEvent:
    case Type::kBinaryEvent:
      return isValidEvent(packet.payload);
    case Type::kAck:
    case Type::kBinaryAck:
      return first == '[';
  }
  return false;
}

std::optional<EventName> eventNameOf(std::string_view payload, std::string& scratch) {
  JsonArrayCursor elements(payload);
  const auto first = elements.next();
  if (!first || first->empty()) return std::nullopt;
  if (first->front() == '"') {
    if (first->size() >= 2 && first->find('\\') == std::string_view::npos) {
      return EventName{first->substr(1, first->size() - 2), elements.at()};
    }
    if (!readJsonString(*first, scratch)) return std::nullopt;
    return EventName{scratch, elements.at()};
  }
  double number = 0;
  if (!readJsonNumber(*first, number)) return std::nullopt;
  scratch.clear();
  if (std::isinf(number)) {
    scratch = number < 0 ? "-Infinity" : "Infinity";
  } else {
    appendJsonNumber(number, scratch);
  }
  return EventName{scratch, elements.at()};
}

std::string& appendPacketHeader(std::string& out, Type type, std::string_view nsp,
                                std::optional<std::uint64_t> id, std::size_t attachments) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
  if (isBinary(type)) {
    appendJsonNumber(std::uint64_t{attachments}, out);
    out.push_back('-');
  }
  if (!nsp.empty() && nsp != "/") out.append(nsp).push_back(',');
  if (id) appendJsonNumber(*id, out);
  return out;
}

bool isPlaceholder(std::string_view objectText, std::size_t& num) {
  // Of members with one key the last one counts.
  bool isMarked = false;
  std::size_t number = kNoAttachment;
  JsonObjectCursor members(objectText);
  while (const auto member = members.next()) {
    if (isString(member->key, "_placeholder")) {
      isMarked = member->value == "true";
    } else if (isString(member->key, "num")) {
      number = attachmentOf(member->value);
    }
  }
  if (isMarked) num = number;
  return isMarked;
}

}  // namespace beastio::protocol
