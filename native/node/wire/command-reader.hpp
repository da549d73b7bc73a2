// What JavaScript has to tell the engine: many commands at once, decoded here into one Batch.
// Runs on: the JS thread.
#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "beastio/host/batch.hpp"

namespace beastio::addon {

class CommandReader {
 public:
  explicit CommandReader(unsigned ioThreads) : batch_(ioThreads) {}

  /// Decodes `numbers`; `text` holds their texts. `isContinued`: they are of the tick of the last
  /// ones.
  Batch& decode(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                const Napi::Array& values, bool isContinued);

  /// What was sent to a session since it was watched (the command WATCH), as far as it was decoded.
  /// None: it is not watched.
  std::optional<std::int64_t> sentTo(SessionId id) const;
  /// The session is closed.
  void forget(SessionId id) { sent_.erase(keyOf(id)); }

  /// By watched session: how many bytes.
  using Sent = std::unordered_map<std::uint64_t, std::int64_t>;
  static std::uint64_t keyOf(SessionId id) {
    return (std::uint64_t{id.generation} << 32U) | id.place;
  }

 private:
  Batch batch_;
  std::vector<Part> parts_;  // of the command that is being read
  Sent sent_;
};

}  // namespace beastio::addon
