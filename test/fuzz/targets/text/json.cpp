// JSON: whatever isValidJson accepts can be walked, read and written anew, and is JSON again.
#include <cstdint>
#include <string>

#include "fuzz/support/target.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"
#include "protocol/text/json-writer.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

constexpr std::size_t kMaxDepth = 100;

/// A value as cursors, readers and writers make it anew, whether it is JSON or not.
std::string rewritten(std::string_view value, std::size_t depth) {
  std::string out;
  std::string string;
  double number = 0;
  std::uint64_t natural = 0;
  readJsonInteger(value, natural);
  if (depth > kMaxDepth) return out;
  if (value.starts_with('[')) {
    JsonArrayCursor elements(value);
    while (const auto element = elements.next()) {
      promise(isWithin(*element, value) && elements.at() <= value.size(), "elements lie within");
      out.append(out.empty() ? "[" : ",").append(rewritten(*element, depth + 1));
    }
    return out.empty() ? "[]" : out + "]";
  }
  if (value.starts_with('{')) {
    JsonObjectCursor members(value);
    while (const auto member = members.next()) {
      promise(isWithin(member->key, value), "keys lie within");
      promise(isWithin(member->value, value), "values lie within");
      out.append(out.empty() ? "{" : ",").append(rewritten(member->key, depth + 1));
      out.append(":").append(rewritten(member->value, depth + 1));
    }
    return out.empty() ? "{}" : out + "}";
  }
  if (readJsonString(value, string)) {
    appendJsonString(string, out);
  } else if (std::int64_t integer = 0; readJsonInteger(value, integer)) {
    appendJsonNumber(integer, out);
  } else if (readJsonNumber(value, number)) {
    appendJsonNumber(number, out);
  } else {
    out = value;
  }
  return out;
}

void run(std::string_view input) {
  const bool isValid = isValidJson(input, kMaxDepth);
  promise(!isValid || isValidJson(input, kMaxDepth + 1), "more depth accepts no less");
  const std::string again = rewritten(input.substr(skipJsonSpace(input, 0)), 0);
  if (!isValid) return;
  promise(isValidJson(again, kMaxDepth), "what is written is JSON");
  promise(rewritten(again, 0) == again, "and is written in the same way again");
}

const Registration kRegistration({"json", &run});

}  // namespace
}  // namespace beastio::fuzz
