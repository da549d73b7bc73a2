// The little of Unicode that names and messages need. Its classes of letters are the C library's.
// The JavaScript chat normalises (NFKC) besides. Here only full-width ASCII becomes ASCII: names
// that are composed in two ways are two names, and a ligature stays one letter.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chat {

/// The code points of well-formed UTF-8.
std::u32string decode(std::string_view utf8);
std::string encode(std::u32string_view text);

/// How long JavaScript says it is: in units of UTF-16.
std::size_t lengthOf(std::u32string_view text);

bool isSpace(char32_t c);
bool isLetterOrDigit(char32_t c);
/// What stands on a letter, such as an accent.
bool isMark(char32_t c);

/// Without blanks at both ends.
std::u32string_view trimmed(std::u32string_view text);
/// One line: plain letters for full-width ones, no surplus blanks.
std::u32string tidied(std::u32string_view text);
/// In small letters.
std::u32string lowered(std::u32string_view text);

}  // namespace chat
