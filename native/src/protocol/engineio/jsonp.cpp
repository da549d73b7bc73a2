// JSONP: a JavaScript string literal one way, a form field the other. Runs on: any thread.
#include "protocol/engineio/jsonp.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "protocol/text/query-string.hpp"

namespace beastio::protocol {
namespace {

// U+2028 and U+2029 end a line in JavaScript before ES2019, though not in JSON.
constexpr std::string_view kLineSeparator = "\xE2\x80\xA8";
constexpr std::string_view kParagraphSeparator = "\xE2\x80\xA9";

/// The letter of a two-character escape, or 0 if `character` has none.
char escapeLetter(char character) {
  switch (character) {
    case '"':
    case '\\':
      return character;
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    default:
      return 0;
  }
}

/// Appends `text` as JSON.stringify writes it, in ASCII where it would end a line.
void appendLiteral(std::string_view text, std::string& out) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out.push_back('"');
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<std::uint8_t>(text[i]);
    const char letter = escapeLetter(text[i]);
    if (letter != 0) {
      out.append({'\\', letter});
    } else if (code < 0x20) {
      out.append("\\u00").append({kHexDigits[code >> 4], kHexDigits[code & 0x0F]});
    } else if (text.substr(i).starts_with(kLineSeparator)) {
      out.append("\\u2028");
      i += kLineSeparator.size() - 1;
    } else if (text.substr(i).starts_with(kParagraphSeparator)) {
      out.append("\\u2029");
      i += kParagraphSeparator.size() - 1;
    } else {
      out.push_back(text[i]);
    }
  }
  out.push_back('"');
}

/// The value of the field `name`, unless it is missing or repeated.
std::optional<std::string> onlyValue(std::string_view form, std::string_view name) {
  std::optional<std::string> only;
  for (std::size_t fields = 0; fields < QueryString::kMaxPairs && !form.empty(); ++fields) {
    const std::string_view field = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(field.size() + 1, form.size()));
    const QueryString pair(field);
    const auto value = pair.get(name);
    if (!value) continue;
    if (only) return std::nullopt;
    only = *value;
  }
  return only;
}

}  // namespace

std::string encodeJsonpScript(std::string_view index, std::string_view payload) {
  std::string script = "___eio[";
  script.reserve(payload.size() + payload.size() / 8 + 32);
  for (const char character : index) {
    if (character >= '0' && character <= '9') script.push_back(character);
  }
  script.append("](");
  appendLiteral(payload, script);
  script.append(");");
  return script;
}

std::optional<std::string> decodeJsonpBody(std::string_view body) {
  const auto field = onlyValue(body, "d");
  if (!field) return std::nullopt;

  // Clients write a newline as \n, because forms may change real ones, and \n itself as \\n.
  std::string payload;
  payload.reserve(field->size());
  std::string_view rest = *field;
  while (!rest.empty()) {
    const std::size_t plain = std::min(rest.find('\\'), rest.size());
    payload.append(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.starts_with("\\n")) {
      payload.push_back('\n');
      rest.remove_prefix(2);
    } else if (rest.starts_with("\\\\n")) {
      payload.append("\\n");
      rest.remove_prefix(3);
    } else if (!rest.empty()) {
      payload.push_back('\\');
      rest.remove_prefix(1);
    }
  }
  return payload;
}

}  // namespace beastio::protocol
