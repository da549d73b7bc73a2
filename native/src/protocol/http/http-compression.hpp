// Compression of HTTP answers: which coding a client gets, and the answer in it. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beastio::protocol {

enum class ContentCoding : std::uint8_t { kNone, kGzip, kDeflate };

/// The name in Content-Encoding; empty for kNone.
std::string_view toString(ContentCoding coding);

/// The coding that a client likes best, judging by its Accept-Encoding as the package `accepts`
/// does; kNone if it accepts neither, or says nothing.
ContentCoding chooseCoding(std::string_view acceptEncoding);

/// How much a client likes a coding, from 0 (not at all) to 1, judging by its Accept-Encoding.
double qualityOf(std::string_view coding, std::string_view acceptEncoding);

/// `body` in a coding, with zlib's usual settings.
std::string compress(std::string_view body, ContentCoding coding);

}  // namespace beastio::protocol
