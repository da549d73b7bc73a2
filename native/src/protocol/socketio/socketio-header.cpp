// The Socket.IO header: type, optional namespace and comma, optional id, '['. What is refused here
// is not wrong: JavaScript reads it with socket.io-parser, whose errors applications know.
#include "protocol/socketio/socketio-header.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "protocol/text/json-string.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

/// Reads the id at `at` and moves `at` behind it. False: there is one, but it is not ours to read.
bool readId(std::string_view text, std::size_t& at, std::int32_t& id) {
  const char* const first = text.data() + at;
  if (at == text.size() || *first < '0' || *first > '9') return true;
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), id);
  const auto digits = static_cast<std::size_t>(end - first);
  at += digits;
  return error == std::errc() && (*first != '0' || digits == 1);
}

}  // namespace

std::optional<SocketioHeader> parseSocketioHeader(std::string_view text) {
  SocketioHeader header;
  if (text.starts_with('2')) {
    header.type = SocketioHeader::Type::kEvent;
  } else if (text.starts_with('3')) {
    header.type = SocketioHeader::Type::kAck;
  } else {
    return std::nullopt;
  }

  std::size_t at = 1;
  if (text.substr(at).starts_with('/')) {
    const std::size_t comma = text.find(',', at);
    if (comma == std::string_view::npos) return std::nullopt;
    const std::string_view nsp = text.substr(at, comma - at);
    if (nsp.find('?') != std::string_view::npos) return std::nullopt;
    if (nsp != "/") header.nsp = nsp;
    at = comma + 1;
  }

  if (!readId(text, at, header.id)) return std::nullopt;
  if (header.type == SocketioHeader::Type::kAck && header.id == SocketioHeader::kNoId) {
    return std::nullopt;
  }
  if (!text.substr(at).starts_with('[')) return std::nullopt;
  header.payloadOffset = at;
  return header;
}

bool isMissable(std::string_view text) {
  if (text.empty()) return true;
  constexpr std::string_view kNoEvents = "01346";
  if (kNoEvents.find(text.front()) != std::string_view::npos) return false;
  std::size_t at = 1;
  const auto skipDigits = [&] {
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  };
  if (text.starts_with('5')) {
    skipDigits();
    if (text.substr(at).starts_with('-')) ++at;
  } else if (!text.starts_with('2')) {
    return true;
  }
  if (text.substr(at).starts_with('/')) at = std::min(text.find(',', at), text.size() - 1) + 1;
  const auto idAt = at;
  skipDigits();
  return at == idAt;
}

std::uint32_t attachmentsOf(std::string_view text) {
  if (!text.starts_with('5') && !text.starts_with('6')) return 0;
  std::uint32_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + 1, last, count);
  return error == std::errc() && end != last && *end == '-' ? count : 0;
}

std::size_t nameBeforeString(std::string_view array) {
  constexpr std::string_view kOpening = "[\"";
  constexpr std::string_view kBetween = "\",\"";
  constexpr std::string_view kClosing = "\"]";
  constexpr std::size_t kMaxNameBytes = 256;
  if (!array.starts_with(kOpening)) return 0;
  array.remove_prefix(kOpening.size());
  const std::size_t length = array.substr(0, kMaxNameBytes).find('"');
  if (length == std::string_view::npos || !array.substr(length).starts_with(kBetween)) return 0;
  const auto name = array.substr(0, length);
  array.remove_prefix(length + kBetween.size());
  if (!array.ends_with(kClosing)) return 0;
  array.remove_suffix(kClosing.size());
  const bool isPlain = isPlainJson(name) && isPlainJson(array);
  return isPlain && classifyUtf8(name) == TextKind::kAscii ? length : 0;
}

}  // namespace beastio::protocol
