#include "files/content-type.hpp"

#include <algorithm>
#include <array>

#include "beastio/http-fields.hpp"

namespace beastio::files {
namespace {

struct Kind {
  std::string_view extension;
  std::string_view type;
};

constexpr std::string_view kAnyBytes = "application/octet-stream";

constexpr std::array kKinds{
    Kind{"html", "text/html; charset=utf-8"},
    Kind{"htm", "text/html; charset=utf-8"},
    Kind{"css", "text/css; charset=utf-8"},
    Kind{"js", "text/javascript; charset=utf-8"},
    Kind{"mjs", "text/javascript; charset=utf-8"},
    Kind{"cjs", "text/javascript; charset=utf-8"},
    Kind{"json", "application/json; charset=utf-8"},
    Kind{"map", "application/json; charset=utf-8"},
    Kind{"webmanifest", "application/manifest+json; charset=utf-8"},
    Kind{"txt", "text/plain; charset=utf-8"},
    Kind{"md", "text/markdown; charset=utf-8"},
    Kind{"csv", "text/csv; charset=utf-8"},
    Kind{"xml", "text/xml; charset=utf-8"},
    Kind{"svg", "image/svg+xml"},
    Kind{"png", "image/png"},
    Kind{"jpg", "image/jpeg"},
    Kind{"jpeg", "image/jpeg"},
    Kind{"gif", "image/gif"},
    Kind{"webp", "image/webp"},
    Kind{"avif", "image/avif"},
    Kind{"ico", "image/x-icon"},
    Kind{"bmp", "image/bmp"},
    Kind{"woff", "font/woff"},
    Kind{"woff2", "font/woff2"},
    Kind{"ttf", "font/ttf"},
    Kind{"otf", "font/otf"},
    Kind{"wasm", "application/wasm"},
    Kind{"mp3", "audio/mpeg"},
    Kind{"ogg", "audio/ogg"},
    Kind{"wav", "audio/wav"},
    Kind{"m4a", "audio/mp4"},
    Kind{"mp4", "video/mp4"},
    Kind{"webm", "video/webm"},
    Kind{"pdf", "application/pdf"},
    Kind{"zip", "application/zip"},
    Kind{"gz", "application/gzip"},
};

}  // namespace

std::string_view contentTypeOf(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return kAnyBytes;
  const auto extension = name.substr(dot + 1);
  const auto* const kind =
      std::find_if(kKinds.begin(), kKinds.end(), [extension](const auto& each) {
        return isSameField(each.extension, extension);  // in either case
      });
  return kind == kKinds.end() ? kAnyBytes : kind->type;
}

bool isCompressible(std::string_view contentType) {
  return contentType.starts_with("text/") || contentType.find("json") != contentType.npos ||
         contentType == "image/svg+xml" || contentType == "application/wasm" ||
         contentType == "image/bmp";
}

}  // namespace beastio::files
