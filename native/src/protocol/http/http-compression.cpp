#include "protocol/http/http-compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <new>
#include <optional>

#include "protocol/text/decimal.hpp"

namespace beastio::protocol {
namespace {

constexpr std::string_view kSpaces = " \t";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

/// Cuts the part before the next separator off the front of `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

/// The `q` of an item's parameters; 1 if there is none, 0 if it is no number.
double qualityIn(std::string_view parameters) {
  while (!parameters.empty()) {
    auto value = trim(cut(parameters, ';'));
    if (cut(value, '=') != "q") continue;
    double quality = 0;
    readDecimal(value.data(), value.data() + value.size(), quality);
    return std::isfinite(quality) ? quality : 0;
  }
  return 1;
}

bool equalsIgnoringCase(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

/// How much a client likes a coding: by its name before "*", then by quality, then by order.
struct Preference {
  bool isNamed = false;
  double quality = 0;
  int order = -1;

  friend bool operator<(const Preference& a, const Preference& b) {
    if (a.isNamed != b.isNamed) return b.isNamed;
    if (a.quality != b.quality) return a.quality < b.quality;
    return a.order < b.order;
  }
};

Preference preferenceFor(std::string_view name, std::string_view acceptEncoding) {
  Preference best;
  for (int order = 0; !acceptEncoding.empty(); ++order) {
    auto item = trim(cut(acceptEncoding, ','));
    const auto coding = trim(cut(item, ';'));
    const bool isNamed = equalsIgnoringCase(coding, name);
    if (!isNamed && coding != "*") continue;
    best = std::max(best, Preference{isNamed, qualityIn(item), order});
  }
  return best;
}

}  // namespace

std::string_view toString(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kNone:
      return {};
    case ContentCoding::kGzip:
      return "gzip";
    case ContentCoding::kDeflate:
      return "deflate";
  }
  return {};
}

ContentCoding chooseCoding(std::string_view acceptEncoding) {
  const auto gzip = preferenceFor("gzip", acceptEncoding);
  const auto deflate = preferenceFor("deflate", acceptEncoding);
  if (gzip.quality <= 0 && deflate.quality <= 0) return ContentCoding::kNone;
  if (gzip.quality != deflate.quality) {
    return gzip.quality > deflate.quality ? ContentCoding::kGzip : ContentCoding::kDeflate;
  }
  if (gzip.isNamed != deflate.isNamed) {
    return gzip.isNamed ? ContentCoding::kGzip : ContentCoding::kDeflate;
  }
  return deflate.order < gzip.order ? ContentCoding::kDeflate : ContentCoding::kGzip;
}

double qualityOf(std::string_view coding, std::string_view acceptEncoding) {
  return preferenceFor(coding, acceptEncoding).quality;
}

std::string compress(std::string_view body, ContentCoding coding) {
  constexpr int kGzipFormat = 16;  // added to the window bits
  constexpr int kMemLevel = 8;     // zlib's default
  z_stream stream{};
  const int bits = MAX_WBITS + (coding == ContentCoding::kGzip ? kGzipFormat : 0);
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits, kMemLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace beastio::protocol
