// nlohmann::json as parameters of handlers, and as arguments of emits. Opt-in: the program has that
// library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/json-tokens.hpp"
#include "beastio/socketio/json.hpp"

namespace beastio::socketio {

/// Any JSON, of one of that library's types. Its binary values cross as attachments. What is not
/// finite is written as null. Writing recurses as deep as a value is.
template <class Json>
struct NlohmannCodec {
  /// Writes a value. Lifetime: its binary values are read when the packet is sent.
  static void write(const Json& value, Writer& writer) {
    switch (value.type()) {
      case Json::value_t::null:
      case Json::value_t::discarded:
        return writer.null();
      case Json::value_t::boolean:
        return writer.boolean(value.template get<bool>());
      case Json::value_t::number_integer:
        return writer.number(value.template get<std::int64_t>());
      case Json::value_t::number_unsigned:
        return writer.number(value.template get<std::uint64_t>());
      case Json::value_t::number_float:
        return writer.number(value.template get<double>());
      case Json::value_t::string:
        return writer.string(value.template get_ref<const std::string&>());
      case Json::value_t::binary:
        return writer.binary(std::as_bytes(std::span(value.get_binary())));
      case Json::value_t::array:
        writer.beginArray();
        for (const auto& element : value) write(element, writer);
        return writer.endArray();
      case Json::value_t::object:
        writer.beginObject();
        for (const auto& [key, member] : value.items()) {
          writer.key(key);
          write(member, writer);
        }
        return writer.endObject();
    }
  }

  /// Reads a value. Of several members with one key the last counts.
  static bool read(const Argument& argument, Json& value) {
    value = Json();
    std::vector<Json*> open;  // arrays and objects
    Json* next = &value;      // where a value goes, unless into an array
    std::string text;
    TokenReader reader(argument.json);
    while (const auto token = reader.next()) {
      const bool isEnd = token->kind == Kind::kEndArray || token->kind == Kind::kEndObject;
      if (isEnd) {
        attach(*open.back(), argument);
        open.pop_back();
      } else if (token->kind == Kind::kKey) {
        readString(token->text, text);
        next = &(*open.back())[text];
      } else {
        Json* place = next;
        if (!open.empty() && open.back()->is_array()) {
          open.back()->push_back(nullptr);
          place = &open.back()->back();
        }
        *place = valueOf(*token, text);
        if (place->is_structured()) open.push_back(place);
      }
    }
    return true;
  }

 private:
  using Kind = TokenReader::Kind;

  static Json valueOf(const TokenReader::Token& token, std::string& text) {
    switch (token.kind) {
      case Kind::kBoolean:
        return token.text == "true";
      case Kind::kNumber:
        return std::visit([](auto number) -> Json { return number; }, readAnyNumber(token.text));
      case Kind::kBeginArray:
        return Json::array();
      case Kind::kBeginObject:
        return Json::object();
      case Kind::kString:
        readString(token.text, text);
        return text;
      default:
        return nullptr;
    }
  }

  // {"_placeholder":true,"num":0} becomes the attachment that it stands for.
  static void attach(Json& value, const Argument& argument) {
    if (argument.attachments.empty() || !value.is_object() || value.size() != 2) return;
    const auto mark = value.find("_placeholder");
    const auto num = value.find("num");
    if (mark == value.end() || *mark != true || num == value.end() || !num->is_number()) return;
    const auto index = num->template get<std::size_t>();
    if (index >= argument.attachments.size()) return;
    const auto bytes = argument.attachments[index];
    value = Json::binary({bytes.begin(), bytes.end()});
  }
};

/// Any JSON.
template <>
struct Codec<nlohmann::json> : NlohmannCodec<nlohmann::json> {};

/// Any JSON, whose members keep their order.
template <>
struct Codec<nlohmann::ordered_json> : NlohmannCodec<nlohmann::ordered_json> {};

}  // namespace beastio::socketio
