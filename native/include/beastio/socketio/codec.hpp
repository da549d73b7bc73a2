// What types become in JSON, and back. Built in: bool, numbers, strings, Binary, RawJson,
// Argument, std::optional, std::vector, std::array, std::map, std::unordered_map, std::pair,
// std::tuple.
//
// A type of the application gets a Codec of its own, most simply from its members:
//
//   struct Point { double x; double y; };
//   template <>
//   struct beastio::socketio::Codec<Point>
//       : Members<Point, Member<"x", &Point::x>, Member<"y", &Point::y>> {};
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "beastio/socketio/json.hpp"

namespace beastio::socketio {

/// How T becomes JSON, and back:
///   static void write(const T& value, Writer& writer);
///   static bool read(const Argument& argument, T& value);  // false: it is something else
template <class T, class = void>
struct Codec;

/// Whether T can be an argument of `emit`.
template <class T>
concept Writable = requires(const T& value, Writer& writer) {
  Codec<T>::write(value, writer);
};

/// Whether T can be a parameter of a handler.
template <class T>
concept Readable = requires(const Argument& argument, T& value) {
  { Codec<T>::read(argument, value) } -> std::same_as<bool>;
};

/// bool
template <>
struct Codec<bool> {
  /// Writes true or false.
  static void write(bool value, Writer& writer) { writer.boolean(value); }
  /// Reads true or false.
  static bool read(const Argument& argument, bool& value) {
    return readBoolean(argument.json, value);
  }
};

/// null
template <>
struct Codec<std::nullptr_t> {
  /// Writes null.
  static void write(std::nullptr_t, Writer& writer) { writer.null(); }
  /// Reads null.
  static bool read(const Argument& argument, std::nullptr_t&) { return argument.json == "null"; }
};

/// Whole numbers. One that T cannot hold is not read.
template <class T>
struct Codec<T, std::enable_if_t<std::integral<T> && !std::same_as<T, bool>>> {
  /// Writes all digits. JavaScript rounds those beyond 2^53.
  static void write(T value, Writer& writer) { writer.number(static_cast<Wide>(value)); }
  /// Reads a whole number.
  static bool read(const Argument& argument, T& value) {
    Wide wide{};
    if (!readInteger(argument.json, wide)) return false;
    if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) return false;
    value = static_cast<T>(wide);
    return true;
  }

 private:
  using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
};

/// Numbers.
template <class T>
struct Codec<T, std::enable_if_t<std::floating_point<T>>> {
  /// Writes the shortest digits, or null for what is not finite.
  static void write(T value, Writer& writer) { writer.number(static_cast<double>(value)); }
  /// Reads any number.
  static bool read(const Argument& argument, T& value) {
    double wide = 0;
    if (!readNumber(argument.json, wide)) return false;
    value = static_cast<T>(wide);
    return true;
  }
};

/// Strings.
template <>
struct Codec<std::string> {
  /// Writes UTF-8.
  static void write(const std::string& value, Writer& writer) { writer.string(value); }
  /// Reads UTF-8.
  static bool read(const Argument& argument, std::string& value) {
    return readString(argument.json, value);
  }
};

/// Strings to be written.
template <>
struct Codec<std::string_view> {
  /// Writes UTF-8.
  static void write(std::string_view value, Writer& writer) { writer.string(value); }
};

/// Strings to be written.
template <>
struct Codec<const char*> {
  /// Writes UTF-8.
  static void write(const char* value, Writer& writer) { writer.string(value); }
};

/// String literals.
template <std::size_t kSize>
struct Codec<char[kSize]> {
  /// Writes UTF-8.
  static void write(const char* value, Writer& writer) { writer.string(value); }
};

/// Bytes, without a copy.
template <>
struct Codec<Binary> {
  /// Writes an attachment.
  static void write(const Binary& value, Writer& writer) { writer.binary(value.bytes); }
  /// Reads an attachment. Lifetime: of the Args.
  static bool read(const Argument& argument, Binary& value) {
    const auto found = argument.binary();
    if (found) value = *found;
    return found.has_value();
  }
};

/// Bytes.
template <>
struct Codec<std::vector<std::byte>> {
  /// Writes an attachment.
  static void write(const std::vector<std::byte>& value, Writer& writer) { writer.binary(value); }
  /// Copies an attachment.
  static bool read(const Argument& argument, std::vector<std::byte>& value) {
    const auto found = argument.binary();
    if (found) value.assign(found->bytes.begin(), found->bytes.end());
    return found.has_value();
  }
};

/// JSON of any kind, without a copy.
template <>
struct Codec<RawJson> {
  /// Writes it as it is.
  static void write(const RawJson& value, Writer& writer) { writer.raw(value); }
  /// Reads what comes, if it has no attachments. Lifetime: of the Args.
  static bool read(const Argument& argument, RawJson& value) {
    value = RawJson::trusted(argument.json);
    return !argument.hasBinary();
  }
};

/// Whatever a client sends, with its attachments, without a copy.
template <>
struct Codec<Argument> {
  /// Passes it on.
  static void write(const Argument& value, Writer& writer) { writer.argument(value); }
  /// Reads whatever comes. Lifetime: of the Args.
  static bool read(const Argument& argument, Argument& value) {
    value = argument;
    return true;
  }
};

/// What may be absent or null.
template <class T>
struct Codec<std::optional<T>> {
  /// Writes the value, or null.
  static void write(const std::optional<T>& value, Writer& writer) {
    value ? Codec<T>::write(*value, writer) : writer.null();
  }
  /// Reads a value, or null.
  static bool read(const Argument& argument, std::optional<T>& value) {
    if (argument.json == "null") {
      value.reset();
      return true;
    }
    return Codec<T>::read(argument, value.emplace());
  }
};

/// Arrays of one type.
template <class T>
struct Codec<std::vector<T>> {
  /// Writes an array.
  static void write(const std::vector<T>& value, Writer& writer) {
    writer.beginArray();
    for (const auto& element : value) Codec<T>::write(element, writer);
    writer.endArray();
  }
  /// Reads an array.
  static bool read(const Argument& argument, std::vector<T>& value) {
    ArrayReader reader(argument.json);
    value.clear();
    while (const auto json = reader.next()) {
      T element{};
      if (!Codec<T>::read({*json, argument.attachments}, element)) return false;
      value.push_back(std::move(element));
    }
    return reader.isArray();
  }
};

/// Arrays of a fixed length.
template <class T, std::size_t kSize>
struct Codec<std::array<T, kSize>> {
  /// Writes an array.
  static void write(const std::array<T, kSize>& value, Writer& writer) {
    writer.beginArray();
    for (const auto& element : value) Codec<T>::write(element, writer);
    writer.endArray();
  }
  /// Reads an array of just that length.
  static bool read(const Argument& argument, std::array<T, kSize>& value) {
    ArrayReader reader(argument.json);
    for (auto& element : value) {
      const auto json = reader.next();
      if (!json || !Codec<T>::read({*json, argument.attachments}, element)) return false;
    }
    return !reader.next();
  }
};

/// Objects of one type of value: std::map, std::unordered_map, and others that are used like them.
template <class Map>
struct Codec<Map, std::enable_if_t<std::same_as<typename Map::key_type, std::string> &&
                                   !std::is_void_v<typename Map::mapped_type>>> {
  /// Writes an object.
  static void write(const Map& value, Writer& writer) {
    writer.beginObject();
    for (const auto& [key, element] : value) {
      writer.key(key);
      Codec<typename Map::mapped_type>::write(element, writer);
    }
    writer.endObject();
  }
  /// Reads an object.
  static bool read(const Argument& argument, Map& value) {
    ObjectReader reader(argument.json);
    value.clear();
    while (auto member = reader.next()) {
      typename Map::mapped_type element{};
      if (!Codec<typename Map::mapped_type>::read({member->value, argument.attachments}, element)) {
        return false;
      }
      value.insert_or_assign(std::move(member->key), std::move(element));
    }
    return reader.isObject();
  }
};

/// Arrays of several types.
template <class Tuple>
struct TupleCodec {
  /// Writes an array.
  static void write(const Tuple& value, Writer& writer) {
    writer.beginArray();
    std::apply(
        [&writer](const auto&... element) {
          (Codec<std::remove_cvref_t<decltype(element)>>::write(element, writer), ...);
        },
        value);
    writer.endArray();
  }
  /// Reads an array that has as many elements, or more.
  static bool read(const Argument& argument, Tuple& value) {
    ArrayReader reader(argument.json);
    const auto readNext = [&](auto& element) {
      const auto json = reader.next();
      return json && Codec<std::remove_cvref_t<decltype(element)>>::read(
                         {*json, argument.attachments}, element);
    };
    return std::apply([&](auto&... element) { return (readNext(element) && ...); }, value);
  }
};

/// Arrays of several types.
template <class... Ts>
struct Codec<std::tuple<Ts...>> : TupleCodec<std::tuple<Ts...>> {};

/// Arrays of two.
template <class A, class B>
struct Codec<std::pair<A, B>> : TupleCodec<std::pair<A, B>> {};

/// The name of a member, as a template argument.
template <std::size_t kSize>
struct MemberName {
  /// Copies a literal.
  constexpr MemberName(const char (&literal)[kSize]) { std::copy_n(literal, kSize, text); }

  char text[kSize];  ///< with its zero
  /// Without it.
  constexpr std::string_view view() const { return {text, kSize - 1}; }
};

/// A member of an object.
template <MemberName kName, auto kPointer>
struct Member {
  static constexpr std::string_view kKey = kName.view();  ///< in JSON
  static constexpr auto kPlace = kPointer;                ///< in C++
};

/// A member of an object that is left out where it is empty: a std::optional.
template <MemberName kName, auto kPointer>
struct OptionalMember : Member<kName, kPointer> {
  static constexpr bool kIsOptional = true;  ///< marks it
};

/// Objects with these members. Others are passed over; one that is absent must be std::optional. An
/// empty one is written as null, but an OptionalMember is left out.
template <class T, class... Ms>
struct Members {
  /// Writes an object.
  static void write(const T& value, Writer& writer) {
    writer.beginObject();
    (writeMember<Ms>(value, writer), ...);
    writer.endObject();
  }
  /// Reads an object.
  static bool read(const Argument& argument, T& value) {
    return (readMember<Ms>(argument, value) && ...);
  }

 private:
  template <class M>
  using Type = std::remove_cvref_t<decltype(std::declval<T&>().*M::kPlace)>;

  template <class M>
  static void writeMember(const T& value, Writer& writer) {
    if constexpr (requires { M::kIsOptional; }) {
      if (!(value.*M::kPlace)) return;
    }
    writer.key(M::kKey);
    Codec<Type<M>>::write(value.*M::kPlace, writer);
  }
  template <class M>
  static bool readMember(const Argument& argument, T& value) {
    const auto json = ObjectReader::find(argument.json, M::kKey);
    return Codec<Type<M>>::read({json.value_or("null"), argument.attachments}, value.*M::kPlace);
  }
};

}  // namespace beastio::socketio
