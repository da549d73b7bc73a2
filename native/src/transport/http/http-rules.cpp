#include "transport/http/http-rules.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <iterator>

namespace beastio::transport {
namespace http = boost::beast::http;

namespace {

constexpr int kInOrder = 0;
constexpr int kBadRequest = 400;
constexpr int kTooManyFields = 431;

bool isDelimitedOnce(const http::request_header<>& header) {
  if (header.count(http::field::content_length) > 1) return false;
  const auto length = header[http::field::content_length];
  if (!std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  const auto codings = header.count(http::field::transfer_encoding);
  if (codings == 0) return true;
  return codings == 1 && header.version() == 11 &&
         boost::beast::iequals(header[http::field::transfer_encoding], "chunked");
}

bool namesOneHost(const http::request_header<>& header) {
  const auto count = header.count(http::field::host);
  return count == 1 || (count == 0 && header.version() == 10);
}

bool hasPlainTarget(const http::request_header<>& header) {
  const auto target = header.target();
  if (target.empty() || (target.front() != '/' && target != "*")) return false;
  return std::none_of(target.begin(), target.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x7F || static_cast<unsigned char>(c) <= 0x20;
  });
}

// Those that Node's parser knows.
bool hasKnownMethod(const http::request_header<>& header) {
  const auto method = header.method_string();
  return header.method() != http::verb::unknown || method == "QUERY" || method == "SOURCE";
}

bool isFolded(std::string_view raw) {
  return raw.find("\r\n ") != std::string_view::npos ||
         raw.find("\r\n\t") != std::string_view::npos;
}

}  // namespace

RequestLineParts cutRequestLine(std::string_view line) {
  const auto first = line.find(' ');
  const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return {};
  const auto version = line.substr(second + 1);
  if (version.find(' ') != std::string_view::npos) return {};
  return {line.substr(0, first), line.substr(first + 1, second - first - 1), version};
}

int judgeHeader(const http::request_header<>& header, std::string_view raw, std::size_t maxFields) {
  if (header.version() != 11 && header.version() != 10) return kBadRequest;
  if (!isDelimitedOnce(header) || !namesOneHost(header) || !hasPlainTarget(header)) {
    return kBadRequest;
  }
  if (!hasKnownMethod(header) || isFolded(raw)) return kBadRequest;
  const auto fields = static_cast<std::size_t>(std::distance(header.begin(), header.end()));
  return fields > maxFields ? kTooManyFields : kInOrder;
}

}  // namespace beastio::transport
