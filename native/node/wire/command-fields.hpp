// How fields of commands are taken out of what JavaScript hands over: numbers, one joined text, and
// an array of values. Texts and values are consumed in order; lengths are in UTF-16 units.
// lib/engine/wire/command-fields.js puts them down. Runs on: the JS thread.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "beastio/host/batch.hpp"

namespace beastio::addon {

/// Appends what JSON.stringify makes of a text to the batch.
void addJsonString(napi_env env, napi_value text, Batch& batch);

/// Lifetime: as long as its arguments.
class CommandFields {
 public:
  /// The whole text is copied once, into the batch; parts are pieces of it.
  CommandFields(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                const Napi::Array& values, Batch& batch, std::vector<Part>& parts);

  bool isOver() const { return position_ == numbers_.size(); }

  std::int32_t takeInteger() { return numbers_[position_++]; }
  std::uint32_t takeUnsigned() { return static_cast<std::uint32_t>(takeInteger()); }
  bool takeBoolean() { return takeInteger() != 0; }
  SendFlags takeSendFlags();
  SessionId takeSession();
  Part takeText() { return nextText(static_cast<std::size_t>(takeInteger())); }
  std::optional<Part> takeOptionalText();
  /// Anything at all if the worker is being terminated.
  Napi::Value takeString() { return values_.Get(nextValue_++); }
  /// Lifetime of what it returns, as of the next: until JavaScript goes on.
  std::string_view takeBytes();
  std::optional<std::string_view> takeOptionalBytes();
  std::vector<RoomId> takeRooms();
  std::vector<SessionId> takeSessions();
  /// Lifetime: until the next call.
  std::vector<Part>& takeParts();

 private:
  Part nextText(std::size_t units);
  Part nextPart();

  std::span<const std::int32_t> numbers_;
  const Napi::Array& values_;
  Batch& batch_;
  std::vector<Part>& parts_;
  std::size_t position_ = 0;
  std::uint32_t nextValue_ = 0;
  std::size_t textPosition_;  // in the batch's bytes
  bool ascii_;                // the joined text
};

}  // namespace beastio::addon
