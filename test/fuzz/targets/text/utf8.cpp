// Texts become well-formed once and for all, and have one length in each representation.
#include "protocol/text/utf8.hpp"

#include <string>

#include "fuzz/support/target.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

void run(std::string_view input) {
  std::string once;
  std::string twice;
  appendWellFormedUtf8(input, once);
  appendWellFormedUtf8(once, twice);
  promise(twice == once, "what is well-formed stays as it is");
  const auto kind = classifyUtf8(input);
  promise((kind != TextKind::kInvalid) == (once == input), "what is valid is well-formed");

  std::u16string utf16;
  appendUtf16(once, utf16);
  promise(utf16.size() <= once.size(), "no text has more units than bytes");
  if (kind != TextKind::kAscii && kind != TextKind::kLatin1) return;
  std::string latin1;
  appendLatin1(input, latin1);
  promise(latin1.size() == utf16.size(), "a character of Latin-1 is one unit");
  promise(kind != TextKind::kAscii || latin1 == input, "ASCII stays as it is");
}

const Registration kRegistration({"utf8", &run});

}  // namespace
}  // namespace beastio::fuzz
