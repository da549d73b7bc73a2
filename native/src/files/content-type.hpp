// What kind of file a name stands for. Pure functions.
#pragma once

#include <string_view>

namespace beastio::files {

/// The Content-Type of a file, by the end of its name; that of any bytes if it is unknown.
std::string_view contentTypeOf(std::string_view name);

/// Whether files of that type become much smaller in gzip.
bool isCompressible(std::string_view contentType);

}  // namespace beastio::files
