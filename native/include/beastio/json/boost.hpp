// Boost.JSON's values as parameters of handlers, and as arguments of emits. Opt-in: the program
// links Boost.JSON, or compiles <boost/json/src.hpp> once.
#pragma once

#include <boost/json/kind.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/json-tokens.hpp"
#include "beastio/socketio/json.hpp"

namespace beastio::socketio {

/// Any JSON. What is not finite is written as null. A placeholder of an attachment is an object, as
/// it came: Argument::binary reads what it stands for. Writing recurses as deep as a value is.
template <>
struct Codec<boost::json::value> {
  /// Writes a value.
  static void write(const boost::json::value& value, Writer& writer) {
    switch (value.kind()) {
      case boost::json::kind::null:
        return writer.null();
      case boost::json::kind::bool_:
        return writer.boolean(value.get_bool());
      case boost::json::kind::int64:
        return writer.number(std::int64_t{value.get_int64()});
      case boost::json::kind::uint64:
        return writer.number(std::uint64_t{value.get_uint64()});
      case boost::json::kind::double_:
        return writer.number(value.get_double());
      case boost::json::kind::string:
        return writer.string({value.get_string().data(), value.get_string().size()});
      case boost::json::kind::array:
        writer.beginArray();
        for (const auto& element : value.get_array()) write(element, writer);
        return writer.endArray();
      case boost::json::kind::object:
        writer.beginObject();
        for (const auto& member : value.get_object()) {
          writer.key({member.key().data(), member.key().size()});
          write(member.value(), writer);
        }
        return writer.endObject();
    }
  }

  /// Reads a value. Of several members with one key the last counts.
  static bool read(const Argument& argument, boost::json::value& value) {
    boost::json::value_stack stack;
    stack.reset(value.storage());
    std::vector<std::size_t> counts{0};  // of the arrays and objects that are open
    std::string text;
    TokenReader reader(argument.json);
    while (const auto token = reader.next()) push(*token, stack, counts, text);
    value = stack.release();
    return true;
  }

 private:
  using Kind = TokenReader::Kind;

  static void push(const TokenReader::Token& token, boost::json::value_stack& stack,
                   std::vector<std::size_t>& counts, std::string& text) {
    if (token.kind == Kind::kBeginArray || token.kind == Kind::kBeginObject) {
      ++counts.back();
      counts.push_back(0);
    } else if (token.kind == Kind::kEndArray || token.kind == Kind::kEndObject) {
      token.kind == Kind::kEndArray ? stack.push_array(counts.back())
                                    : stack.push_object(counts.back());
      counts.pop_back();
    } else if (token.kind == Kind::kKey) {
      readString(token.text, text);
      stack.push_key({text.data(), text.size()});
    } else {
      ++counts.back();
      pushScalar(token, stack, text);
    }
  }

  static void pushScalar(const TokenReader::Token& token, boost::json::value_stack& stack,
                         std::string& text) {
    if (token.kind == Kind::kNull) return stack.push_null();
    if (token.kind == Kind::kBoolean) return stack.push_bool(token.text == "true");
    if (token.kind == Kind::kNumber) return pushNumber(token.text, stack);
    readString(token.text, text);
    stack.push_string({text.data(), text.size()});
  }

  static void pushNumber(std::string_view json, boost::json::value_stack& stack) {
    const auto number = readAnyNumber(json);
    if (const auto* whole = std::get_if<std::int64_t>(&number)) return stack.push_int64(*whole);
    if (const auto* large = std::get_if<std::uint64_t>(&number)) return stack.push_uint64(*large);
    stack.push_double(std::get<double>(number));
  }
};

}  // namespace beastio::socketio
