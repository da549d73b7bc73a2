// Decimal numbers as doubles, as std::from_chars reads them. libc++ has that from version 20 on,
// and the compiler of the published binaries brings version 16. Pure functions.
#pragma once

#include <charconv>

namespace beastio::protocol {

/// As std::from_chars, for what begins with '-', '.' or a digit. The nearest double; `out` stays
/// where none is near. Used where the library has nothing of that kind; the tests compare the two.
std::from_chars_result readDecimalByHand(const char* first, const char* last, double& out);

inline std::from_chars_result readDecimal(const char* first, const char* last, double& out) {
#ifdef __cpp_lib_to_chars
  return std::from_chars(first, last, out);
#else
  return readDecimalByHand(first, last, out);
#endif
}

}  // namespace beastio::protocol
