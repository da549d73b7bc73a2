// Just enough of RFC 9112 for a client.
#include "transports/http-response.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "error.hpp"

namespace load {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kEndOfLine = "\r\n";
constexpr int kDecimal = 10;
constexpr int kHexadecimal = 16;

std::size_t parseNumber(std::string_view text, int base) {
  std::size_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value, base).ec != std::errc{}) {
    throw LoadError("got an HTTP response with a bad number " + shown(text));
  }
  return value;
}

/// The value of a field, whose name is given in lower case; nothing when it is absent.
std::optional<std::string_view> field(std::string_view head, std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == static_cast<unsigned char>(b);
  };
  for (std::size_t at = head.find(kEndOfLine); at != std::string_view::npos;) {
    const std::string_view rest = head.substr(at + kEndOfLine.size());
    const std::string_view line = rest.substr(0, rest.find(kEndOfLine));
    if (line.size() > name.size() && line[name.size()] == ':' &&
        std::equal(name.begin(), name.end(), line.begin(),
                   [&](char own, char theirs) { return same(theirs, own); })) {
      const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
      return value == std::string_view::npos ? std::string_view() : line.substr(value);
    }
    at = head.find(kEndOfLine, at + kEndOfLine.size());
  }
  return std::nullopt;
}

/// Appends the chunks to `body`. Returns the size of it all, or nothing while it is incomplete.
std::optional<std::size_t> parseChunks(std::string_view bytes, std::string& body) {
  std::size_t at = 0;
  for (;;) {
    const std::size_t lineEnd = bytes.find(kEndOfLine, at);
    if (lineEnd == std::string_view::npos) return std::nullopt;
    const std::size_t size = parseNumber(bytes.substr(at, lineEnd - at), kHexadecimal);
    at = lineEnd + kEndOfLine.size();
    if (bytes.size() < at + size + kEndOfLine.size()) return std::nullopt;
    body.append(bytes.substr(at, size));
    at += size + kEndOfLine.size();
    if (size == 0) return at;
  }
}

}  // namespace

std::optional<HttpResponse> parseResponse(std::string_view bytes) {
  const std::size_t headEnd = bytes.find(kEndOfHead);
  if (headEnd == std::string_view::npos) return std::nullopt;
  const std::string_view head = bytes.substr(0, headEnd);
  if (!head.starts_with("HTTP/1.1 ")) throw LoadError("got " + shown(head) + " for a response");
  HttpResponse response;
  response.status = static_cast<int>(parseNumber(head.substr(9, 3), kDecimal));

  const std::string_view rest = bytes.substr(headEnd + kEndOfHead.size());
  std::size_t bodySize = 0;
  if (const auto length = field(head, "content-length")) {
    bodySize = parseNumber(*length, kDecimal);
    if (rest.size() < bodySize) return std::nullopt;
    response.body = rest.substr(0, bodySize);
  } else if (field(head, "transfer-encoding")) {
    const auto chunks = parseChunks(rest, response.body);
    if (!chunks) return std::nullopt;
    bodySize = *chunks;
  } else {
    throw LoadError("got a response without a length: " + shown(head));
  }
  response.size = headEnd + kEndOfHead.size() + bodySize;
  return response;
}

}  // namespace load
