// The Socket.IO header: type, optional namespace and comma, optional id, '['. What is refused here
// is not wrong: JavaScript reads it with socket.io-parser, whose errors applications know.
#include "protocol/socketio-header.hpp"

#include <charconv>
#include <cstddef>

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

}  // namespace beastio::protocol
