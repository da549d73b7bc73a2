// Where attachments belong in the payload of a packet. One pass over the text, whatever it is.
// Pure functions.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace beastio::protocol {

/// An object that stands for an attachment.
struct Placeholder {
  std::size_t begin = 0;  ///< of its text
  std::size_t end = 0;    ///< behind its '}'
  std::size_t num = 0;    ///< which attachment, or kNoAttachment
};

/// All placeholders of valid JSON, in their order. What lies in another one counts for nothing.
std::vector<Placeholder> placeholdersOf(std::string_view json);

/// Whether each placeholder stands for one of so many attachments, as socket.io-parser asks.
bool arePlaceholdersValid(std::string_view json, std::size_t attachments);

}  // namespace beastio::protocol
