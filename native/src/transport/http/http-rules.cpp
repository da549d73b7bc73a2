#include "transport/http/http-rules.hpp"

#include <algorithm>
#include <iterator>

namespace beastio::transport {
namespace http = beast::http;

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
         beast::iequals(header[http::field::transfer_encoding], "chunked");
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
