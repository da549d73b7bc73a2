// The header lines of CORS, as the package `cors` writes them. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace beastio {
struct CorsOptions;
}

namespace beastio::protocol {

/// Of the answer to a request with that header, each line with its CRLF.
std::string corsLines(const CorsOptions& options, std::string_view header);

/// Of the answer to a preflight (OPTIONS), without its length.
std::string preflightLines(const CorsOptions& options, std::string_view header);

}  // namespace beastio::protocol
