// Queries as Node's `querystring.parse` reads them with its defaults. Runs on: any thread.
// Bound: QueryString::kMaxPairs segments; the target's length is the HTTP parser's to limit.
#include "protocol/text/query-string.hpp"

#include <algorithm>
#include <cstddef>

#include "protocol/text/utf8.hpp"

namespace beastio::protocol {
namespace {

/// The value of a hexadecimal digit, or -1.
int hexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::string decodeComponent(std::string_view encoded) {
  std::string bytes;
  bytes.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '+') {
      bytes.push_back(' ');
      continue;
    }
    if (encoded[i] == '%' && encoded.size() - i > 2) {
      const int high = hexValue(encoded[i + 1]);
      const int low = hexValue(encoded[i + 2]);
      if (high >= 0 && low >= 0) {
        bytes.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    bytes.push_back(encoded[i]);
  }

  std::string text;
  appendWellFormedUtf8(bytes, text);
  return text;
}

}  // namespace

QueryString::QueryString(std::string_view query) {
  // An empty segment ("a&&b") gives no pair, but Node counts it against the limit all the same.
  for (std::size_t segments = 0; segments < kMaxPairs && !query.empty(); ++segments) {
    const std::string_view segment = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(segment.size() + 1, query.size()));
    if (segment.empty()) continue;
    const std::size_t equals = std::min(segment.find('='), segment.size());
    const std::size_t valueAt = std::min(equals + 1, segment.size());
    pairs_.emplace_back(decodeComponent(segment.substr(0, equals)),
                        decodeComponent(segment.substr(valueAt)));
  }
}

std::optional<std::string_view> QueryString::get(std::string_view name) const {
  const auto isNamed = [name](const auto& pair) { return pair.first == name; };
  const auto last = std::find_if(pairs_.rbegin(), pairs_.rend(), isNamed);
  if (last == pairs_.rend()) return std::nullopt;
  return last->second;
}

bool QueryString::has(std::string_view name) const {
  return std::any_of(pairs_.begin(), pairs_.end(),
                     [name](const auto& pair) { return pair.first == name; });
}

std::optional<std::string> decodePath(std::string_view path) {
  std::string decoded;
  decoded.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      decoded.push_back(path[i]);
      continue;
    }
    const int high = path.size() - i > 2 ? hexValue(path[i + 1]) : -1;
    const int low = path.size() - i > 2 ? hexValue(path[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

std::pair<std::string_view, std::string_view> splitTarget(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return {target, {}};
  return {target.substr(0, question), target.substr(question + 1)};
}

}  // namespace beastio::protocol
