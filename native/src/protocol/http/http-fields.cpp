#include "beastio/http-fields.hpp"

#include <algorithm>
#include <array>

#include "protocol/text/query-string.hpp"

namespace beastio {
namespace {

constexpr std::string_view kBlanks = " \t";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Cuts the first line off the front of `rest`, and drops its end.
std::string_view cutLine(std::string_view& rest) {
  const auto end = rest.find('\n');
  auto line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Those that Node takes once, whatever follows.
bool standsOnce(std::string_view name) {
  constexpr std::array<std::string_view, 18> kNames{"age",
                                                    "authorization",
                                                    "content-length",
                                                    "content-type",
                                                    "etag",
                                                    "expires",
                                                    "from",
                                                    "host",
                                                    "if-modified-since",
                                                    "last-modified",
                                                    "if-unmodified-since",
                                                    "location",
                                                    "max-forwards",
                                                    "proxy-authorization",
                                                    "referer",
                                                    "retry-after",
                                                    "server",
                                                    "user-agent"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [name](auto each) { return isSameField(name, each); });
}

}  // namespace

RequestLine requestLineOf(std::string_view header) {
  const auto line = cutLine(header);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return {};
  const auto target = line.substr(first + 1, last - first - 1);
  const auto [path, query] = protocol::splitTarget(target);
  return {.method = line.substr(0, first), .target = target, .path = path, .query = query};
}

HeaderFields::HeaderFields(std::string_view header) : lines_(header) { cutLine(lines_); }

// The empty line ends them. What is no field is passed over.
HeaderFields::Iterator& HeaderFields::Iterator::operator++() {
  field_ = {};
  while (!rest_.empty()) {
    const auto line = cutLine(rest_);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    field_ = {.name = line.substr(0, colon), .value = trim(line.substr(colon + 1))};
    return *this;
  }
  rest_ = {};
  return *this;
}

bool isSameField(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view headerValue(std::string_view header, std::string_view name) {
  for (const auto& field : HeaderFields(header)) {
    if (isSameField(field.name, name)) return field.value;
  }
  return {};
}

std::string joinedHeaderValue(std::string_view header, std::string_view name) {
  std::string all;
  const bool isOnce = standsOnce(name);
  const std::string_view separator = isSameField(name, "cookie") ? "; " : ", ";
  bool isFirst = true;
  for (const auto& field : HeaderFields(header)) {
    if (!isSameField(field.name, name)) continue;
    if (!isFirst) all.append(separator);
    all.append(field.value);
    if (isOnce) break;
    isFirst = false;
  }
  return all;
}

std::string queryValue(std::string_view target, std::string_view name) {
  const protocol::QueryString query(protocol::splitTarget(target).second);
  return std::string(query.get(name).value_or(std::string_view{}));
}

std::vector<std::pair<std::string, std::string>> queryPairs(std::string_view target) {
  return protocol::QueryString(protocol::splitTarget(target).second).takePairs();
}

}  // namespace beastio
