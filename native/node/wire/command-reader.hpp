// What JavaScript has to tell the engine: many commands at once, decoded here into one Batch.
// Runs on: the JS thread.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
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

 private:
  Batch batch_;
  std::vector<Part> parts_;  // of the command that is being read
};

}  // namespace beastio::addon
