// Properties of a JavaScript object as C++ values. In a worker that is being terminated, `Get` may
// find nothing at any moment. So each value's type is checked: reading what is not there would
// abort the process. Errors: none; what is not there, or of another type, is zero. Runs on: the JS
// thread.
#pragma once

#include <napi.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace beastio::addon {

inline std::string text(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

inline bool flag(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsBoolean() && value.As<Napi::Boolean>().Value();
}

inline std::int64_t number(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : 0;
}

inline std::chrono::milliseconds milliseconds(const Napi::Object& object, const char* name) {
  return std::chrono::milliseconds(number(object, name));
}

template <class Integer>
void readWhole(const Napi::Object& object, const char* name, Integer& field) {
  field = static_cast<Integer>(number(object, name));
}

inline std::size_t size(const Napi::Object& object, const char* name) {
  return static_cast<std::size_t>(number(object, name));
}

/// A choice crosses as its place among the choices, which is that of the enumerator.
template <class Enum>
Enum choice(const Napi::Object& object, const char* name) {
  return static_cast<Enum>(number(object, name));
}

inline int integer(const Napi::Object& object, const char* name) {
  return static_cast<int>(number(object, name));
}

}  // namespace beastio::addon
