#include "protocol/socketio/placeholders.hpp"

#include <algorithm>
#include <string>

#include "protocol/socketio/socketio-packet.hpp"
#include "protocol/text/json-cursor.hpp"

namespace beastio::protocol {
namespace {

/// An object or array whose end has not come.
struct Open {
  std::size_t begin = 0;
  bool isMarked = false;   ///< the last "_placeholder" of it is true
  std::string_view num{};  ///< the text from its last "num" on
  std::size_t inside = 0;  ///< how many placeholders came before it
};

/// The offset behind the string that begins at `at`.
std::size_t skipString(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

bool isKey(std::string_view quoted, std::string_view name) {
  if (quoted.find('\\') == std::string_view::npos)
    return quoted.substr(1, name.size()) == name && quoted.size() == name.size() + 2;
  std::string text;
  return readJsonString(quoted, text) && text == name;
}

/// Notes a member if it is one of those that make a placeholder.
void note(Open& object, std::string_view key, std::string_view valueAndMore) {
  if (isKey(key, "_placeholder")) object.isMarked = valueAndMore.starts_with("true");
  if (isKey(key, "num")) object.num = valueAndMore;
}

std::size_t numOf(std::string_view num) {
  std::size_t number = kNoAttachment;
  const auto digits = num.substr(0, num.find_first_not_of("+-.0123456789Ee"));
  const auto value = digits.empty() ? "null" : std::string(digits);
  isPlaceholder("{\"_placeholder\":true,\"num\":" + value + "}", number);
  return number;
}

}  // namespace

std::vector<Placeholder> placeholdersOf(std::string_view json) {
  std::vector<Placeholder> found;
  std::vector<Open> open;
  for (std::size_t at = 0; at < json.size();) {
    const char byte = json[at];
    if (byte == '"') {
      const auto end = skipString(json, at);
      const auto colon = skipJsonSpace(json, end);
      if (!open.empty() && colon < json.size() && json[colon] == ':') {
        note(open.back(), json.substr(at, end - at), json.substr(skipJsonSpace(json, colon + 1)));
      }
      at = end;
      continue;
    }
    ++at;
    if (byte == '{' || byte == '[') {
      open.push_back({.begin = at - 1, .inside = found.size()});
    } else if ((byte == '}' || byte == ']') && !open.empty()) {
      const auto object = open.back();
      open.pop_back();
      if (!object.isMarked) continue;
      found.resize(object.inside);
      found.push_back({object.begin, at, numOf(object.num)});
    }
  }
  return found;
}

bool arePlaceholdersValid(std::string_view json, std::size_t attachments) {
  const auto found = placeholdersOf(json);
  return std::all_of(found.begin(), found.end(), [attachments](const Placeholder& placeholder) {
    return placeholder.num < attachments;
  });
}

}  // namespace beastio::protocol
