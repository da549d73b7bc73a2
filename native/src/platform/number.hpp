// Numbers as the C library reads them. Runs on: any thread.
#pragma once

#include <string>

namespace beastio::platform {

/// As strtod(3) in the locale "C". The process may have one whose numbers have a comma.
double readDouble(const std::string& text);

}  // namespace beastio::platform
