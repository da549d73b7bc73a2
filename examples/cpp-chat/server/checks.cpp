#include "checks.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "image-type.hpp"
#include "refusal.hpp"
#include "text.hpp"

namespace chat {

using beastio::socketio::ArrayReader;
using beastio::socketio::Codec;
using beastio::socketio::ObjectReader;

namespace {

constexpr std::size_t kLineMax = 200;
constexpr std::size_t kNickMin = 2;
constexpr std::size_t kNickMax = 20;
constexpr std::size_t kRoomMax = 24;
constexpr std::size_t kTextMax = 2'000;
constexpr int kPixelsMax = 20'000;

template <class T>
std::optional<T> read(const Value& value) {
  T result{};
  if (!Codec<T>::read(value, result)) return std::nullopt;
  return result;
}

/// One line without surplus blanks; empty if it is no text, or much too long.
std::u32string lineOf(const Value& value) {
  const auto text = decode(stringOf(value));
  return lengthOf(text) <= kLineMax ? tidied(text) : std::u32string();
}

/// Whether it begins with a letter or digit, and goes on with such, marks, and some others.
bool isName(std::u32string_view text, std::u32string_view others) {
  return !text.empty() && isLetterOrDigit(text.front()) &&
         std::all_of(text.begin(), text.end(), [others](char32_t c) {
           return isLetterOrDigit(c) || isMark(c) || others.find(c) != others.npos;
         });
}

bool isAscii(char c, std::string_view others) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         others.find(c) != others.npos;
}

int pixelsOf(const Value& value) {
  const auto pixels = read<int>(value).value_or(0);
  return pixels > 0 && pixels <= kPixelsMax ? pixels : 0;
}

}  // namespace

Request::Request(const beastio::socketio::Args& args)
    : object_(args.at(0).value_or(Value{.json = "null"})) {}

Value Request::memberOf(const Value& object, std::string_view name) {
  return {ObjectReader::find(object.json, name).value_or("null"), object.attachments};
}

bool isTruthy(const Value& value) {
  double number = 0;
  if (beastio::socketio::readNumber(value.json, number)) return number != 0;
  return value.json != "null" && value.json != "false" && value.json != "\"\"";
}

std::string stringOf(const Value& value) { return read<std::string>(value).value_or(""); }

std::string checkedNick(const Value& value) {
  const auto nick = lineOf(value);
  const auto length = lengthOf(nick);
  if (length < kNickMin || length > kNickMax) {
    throw Refusal("nick", "A nickname has 2 to " + std::to_string(kNickMax) + " characters.");
  }
  if (!isName(nick, U" ._'-")) {
    throw Refusal("nick", "A nickname starts with a letter or digit, and has no symbols.");
  }
  return encode(nick);
}

std::string checkedRoomName(const Value& value) {
  auto name = lowered(lineOf(value));
  if (name.starts_with(U'#')) name.erase(0, 1);
  std::replace(name.begin(), name.end(), U' ', U'-');
  if (name.size() > kRoomMax || !isName(name, U"_-")) {
    throw Refusal("room", "A room name has 1 to 24 letters, digits or hyphens.");
  }
  return "#" + encode(name);
}

std::vector<std::string> checkedRoomNames(const Value& value, std::size_t most) {
  std::vector<std::string> names;
  ArrayReader reader(value.json);
  while (names.size() < most) {
    const auto json = reader.next();
    if (!json) break;
    names.push_back(checkedRoomName({*json, value.attachments}));
  }
  return names;
}

std::string checkedText(const Value& value) {
  if (value.json == "null") return {};
  const auto text = read<std::string>(value);
  if (!text) throw Refusal("text", "A message is text.");
  const auto letters = decode(*text);
  if (lengthOf(letters) > kTextMax) {
    throw Refusal("text", "A message has at most " + std::to_string(kTextMax) + " characters.");
  }
  std::u32string lines;
  for (std::size_t at = 0; at < letters.size(); ++at) {
    if (letters[at] == U'\n' && at > 0 && letters[at - 1] == U'\r') continue;
    lines.push_back(letters[at] == U'\r' ? U'\n' : letters[at]);
  }
  return encode(trimmed(lines));
}

std::optional<Image> checkedImage(const Value& value) {
  if (value.json == "null") return std::nullopt;
  auto data = read<std::vector<std::byte>>(Request::memberOf(value, "data"));
  if (!data || data->empty()) {
    throw Refusal("image", "The image did not arrive as binary data.");
  }
  if (data->size() > kImageMaxBytes) throw Refusal("image", "An image has at most 1.5 MB.");
  const auto type = imageTypeOf({reinterpret_cast<const char*>(data->data()), data->size()});
  if (type.empty()) throw Refusal("image", "Only PNG, JPEG, GIF and WebP images can be sent.");
  const auto bytes = data->size();
  return Image{.type = std::string(type),
               .bytes = bytes,
               .width = pixelsOf(Request::memberOf(value, "width")),
               .height = pixelsOf(Request::memberOf(value, "height")),
               .data = Bytes{std::make_shared<const std::vector<std::byte>>(std::move(*data))}};
}

std::optional<std::string> checkedToken(const Value& value) {
  auto token = stringOf(value);
  const bool isToken = token.size() == 32 && std::all_of(token.begin(), token.end(), [](char c) {
                         return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                       });
  return isToken ? std::optional(std::move(token)) : std::nullopt;
}

std::optional<std::string> checkedNonce(const Value& value) {
  auto nonce = stringOf(value);
  const bool isNonce =
      nonce.size() >= 8 && nonce.size() <= 40 &&
      std::all_of(nonce.begin(), nonce.end(), [](char c) { return isAscii(c, "_-"); });
  return isNonce ? std::optional(std::move(nonce)) : std::nullopt;
}

}  // namespace chat
