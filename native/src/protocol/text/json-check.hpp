// Whether a text is JSON, exactly as JSON.parse judges it. First step of an event that C++ handles
// or relays. Pure functions. Bound: kMostJsonDepth.
#pragma once

#include <cstddef>
#include <string_view>

namespace beastio::protocol {

/// How deep the check can look at most; a larger `maxDepth` counts as this.
inline constexpr std::size_t kMostJsonDepth = 8192;

/// Whether JSON.parse accepts `text`, which is UTF-8. `maxDepth` is how many arrays and objects may
/// lie in each other, 0 for none. Looks at bytes over 0x7F in strings only to pass them.
bool isValidJson(std::string_view text, std::size_t maxDepth);

}  // namespace beastio::protocol
