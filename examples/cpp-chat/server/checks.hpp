// What the chat accepts from a browser: each check returns the clean value or throws a Refusal,
// whose sentence the person reads. Nothing that arrives is used before it passed here.
#pragma once

#include <beastio/socketio.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire.hpp"

namespace chat {

inline constexpr std::size_t kImageMaxBytes = 1'500'000;

/// Any JSON, with its attachments; null stands for what is absent.
using Value = beastio::socketio::Argument;

/// The first argument of an event, as an object whatever came. Lifetime: of the handler's call.
class Request {
 public:
  explicit Request(const beastio::socketio::Args& args);

  /// The value of a member.
  Value operator[](std::string_view name) const { return memberOf(object_, name); }

  /// The value of a member of any object.
  static Value memberOf(const Value& object, std::string_view name);

 private:
  Value object_;
};

/// Whether JavaScript would take it for true.
bool isTruthy(const Value& value);

std::string checkedNick(const Value& value);
/// With or without its #, which the name that is returned has.
std::string checkedRoomName(const Value& value);
/// The names of an array, at most `most`. What is no array has none.
std::vector<std::string> checkedRoomNames(const Value& value, std::size_t most);
/// The words of a message; empty if there are none.
std::string checkedText(const Value& value);
/// The type is read from the bytes: what the browser called the file counts for nothing.
std::optional<Image> checkedImage(const Value& value);
/// The secret of a returning browser.
std::optional<std::string> checkedToken(const Value& value);
/// The browser's name for a message, by which a repeated one is recognised.
std::optional<std::string> checkedNonce(const Value& value);
/// A string; empty if it is none.
std::string stringOf(const Value& value);

}  // namespace chat
