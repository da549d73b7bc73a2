// The fields of a note, one after the other. A field that is not there, or of another kind, is
// empty. Lifetime: of the note.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "beastio/socketio/json.hpp"

namespace beastio::socketio {

class NoteReader {
 public:
  explicit NoteReader(std::string_view json) : elements_(json) {}

  std::string text() {
    std::string value;
    if (!readString(json(), value)) value.clear();
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    return readInteger(json(), value) ? value : 0;
  }
  bool boolean() { return json() == "true"; }
  /// JSON as it stands.
  std::string_view json() { return elements_.next().value_or("null"); }

 private:
  ArrayReader elements_;
};

}  // namespace beastio::socketio
