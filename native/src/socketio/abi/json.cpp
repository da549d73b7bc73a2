// JSON for addons.
#include <string>

#include "protocol/socketio/placeholders.hpp"
#include "protocol/socketio/socketio-packet.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"
#include "protocol/text/json-writer.hpp"
#include "socketio/abi/raw.hpp"
#include "socketio/abi/table.hpp"

namespace beastio::socketio {
namespace {

// `at` is 0 before the first.
template <class Cursor>
Cursor cursorAt(std::string_view text, std::size_t at) {
  return at == 0 ? Cursor(text) : Cursor(text, at);
}

int next(beastio_bytes array, std::size_t* at, beastio_bytes* element) {
  auto cursor = cursorAt<protocol::JsonArrayCursor>(view(array), *at);
  const auto found = cursor.next();
  *at = cursor.at();
  if (!found) return 0;
  *element = raw(*found);
  return 1;
}

int nextMember(beastio_bytes object, std::size_t* at, beastio_bytes* key, beastio_bytes* value) {
  auto cursor = cursorAt<protocol::JsonObjectCursor>(view(object), *at);
  const auto found = cursor.next();
  *at = cursor.at();
  if (!found) return 0;
  *key = raw(found->key);
  *value = raw(found->value);
  return 1;
}

int string(beastio_bytes json, beastio_sink sink, void* user) {
  std::string text;
  if (!protocol::readJsonString(view(json), text)) return 0;
  sink(user, raw(text));
  return 1;
}

template <class Number>
int integer(beastio_bytes json, Number* value) {
  return protocol::readJsonInteger(view(json), *value) ? 1 : 0;
}

}  // namespace

void addJson(beastio_api& api) {
  api.json_is_valid = [](beastio_bytes json) { return RawJson::of(view(json)) ? 1 : 0; };
  api.json_next = next;
  api.json_next_member = nextMember;
  api.json_string = string;
  api.json_number = [](beastio_bytes json, double* value) {
    return protocol::readJsonNumber(view(json), *value) ? 1 : 0;
  };
  api.json_signed = integer<std::int64_t>;
  api.json_unsigned = integer<std::uint64_t>;
  api.json_write_string = [](beastio_bytes utf8, beastio_sink sink, void* user) {
    std::string text;
    protocol::appendJsonString(view(utf8), text);
    sink(user, raw(text));
  };
  api.json_write_number = [](double value, beastio_sink sink, void* user) {
    std::string text;
    protocol::appendJsonNumber(value, text);
    sink(user, raw(text));
  };
  api.json_skip = [](beastio_bytes json, std::size_t at) {
    return protocol::skipValue(view(json), at);
  };
  api.json_placeholders = [](beastio_bytes json, beastio_placeholder found, void* user) {
    for (const auto& [begin, end, num] : protocol::placeholdersOf(view(json))) {
      found(user, begin, end, num);
    }
  };
  api.json_placeholder = [](beastio_bytes json, std::size_t* number) {
    return protocol::isPlaceholder(view(json), *number) ? 1 : 0;
  };
}

}  // namespace beastio::socketio
