// Tells an image by its first bytes. SVG is left out on purpose: it is a document with scripts.
#pragma once

#include <string_view>

namespace chat {

/// The media type; empty: it is none of those that the page shows.
inline std::string_view imageTypeOf(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return "image/png";
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return "image/gif";
  const bool isWebp = bytes.starts_with("RIFF"sv) && bytes.size() >= 12;
  if (isWebp && bytes.substr(8).starts_with("WEBP"sv)) return "image/webp";
  return {};
}

}  // namespace chat
