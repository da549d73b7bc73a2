#include "beastio/socketio/json-tokens.hpp"

#include "protocol/text/json-cursor.hpp"

namespace beastio::socketio {
namespace {

using Kind = TokenReader::Kind;

bool isBetweenTokens(char byte) {
  return byte == ',' || byte == ':' || byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

std::optional<Kind> bracket(char byte) {
  switch (byte) {
    case '[':
      return Kind::kBeginArray;
    case ']':
      return Kind::kEndArray;
    case '{':
      return Kind::kBeginObject;
    case '}':
      return Kind::kEndObject;
    default:
      return std::nullopt;
  }
}

Kind scalar(char byte) {
  switch (byte) {
    case 'n':
      return Kind::kNull;
    case 't':
    case 'f':
      return Kind::kBoolean;
    default:
      return Kind::kNumber;
  }
}

}  // namespace

std::optional<TokenReader::Token> TokenReader::next() {
  while (at_ < text_.size() && isBetweenTokens(text_[at_])) ++at_;
  if (at_ >= text_.size()) return std::nullopt;
  const auto begin = at_;
  if (const auto kind = bracket(text_[at_])) {
    ++at_;
    return Token{*kind, text_.substr(begin, 1)};
  }
  at_ = protocol::skipValue(text_, at_);
  const auto text = text_.substr(begin, at_ - begin);
  if (text.front() != '"') return Token{scalar(text.front()), text};
  at_ = protocol::skipJsonSpace(text_, at_);
  const bool isKey = at_ < text_.size() && text_[at_] == ':';
  return Token{isKey ? Kind::kKey : Kind::kString, text};
}

}  // namespace beastio::socketio
