// What JavaScript has to tell the engine: one joined string, numbers and Buffers of many commands,
// decoded here into one Batch. Runs on: the JS thread.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/batch.hpp"

namespace beastio::addon {

/// The first number of a command; lib/engine/records.js has the same list. Texts and values
/// (Buffers, and strings that are not joined with others) are consumed in order, lengths are in
/// UTF-16 units.
enum class Command : std::int32_t {
  kSend = 1,       // flags, place, generation, length of text
  kSendParts = 2,  // flags, place, generation, count, then a length or -1 (a value) for each
  kBroadcast = 3,  // flags, counts of rooms, except rooms, sessions, except sessions and parts,
                   // then these: rooms as numbers, sessions as place and generation, parts as above
  kJoin = 4,       // place, generation, room
  kLeave = 5,      // place, generation, room
  kClose = 6,      // place, generation, discard
  kShare = 7,  // flags, count of parts, parts as above: the packet of the kSendShared that follow
  kSendShared = 8,   // place, generation
  kMark = 9,         // place, generation
  kTerminate = 10,   // place, generation
  kRequest = 11,     // id, flags, lengths of method, target, origin, sid and content type; its body
                     // follows as a Buffer
  kStreamData = 12,  // thread, stream; a Buffer follows
  kSendString = 13,  // flags, place, generation, lengths of the texts before and after a value,
                     // which is a string and goes between them as JSON
};

inline constexpr std::int32_t kVolatileFlag = 1;
inline constexpr std::int32_t kNoCompressFlag = 2;
// Above them the type of the packet, such that 0 is a message.
inline constexpr int kTypeShift = 2;
inline constexpr std::int32_t kMessageType = 4;

// Flags of kRequest.
inline constexpr std::int32_t kHasOriginFlag = 1;
inline constexpr std::int32_t kUpgradeFlag = 2;
inline constexpr std::int32_t kVerifyOnlyFlag = 4;
inline constexpr std::int32_t kHasBodyFlag = 8;

class Outbox {
 public:
  explicit Outbox(unsigned ioThreads) : batch_(ioThreads) {}

  /// Decodes `numbers`; `text` holds their texts.
  Batch& decode(Napi::Env env, std::span<const std::int32_t> numbers, napi_value text,
                const Napi::Array& values);

 private:
  std::int32_t next() { return numbers_[position_++]; }
  SessionId nextSession();
  Part nextPart(const Napi::Array& values);
  Part nextText(std::size_t units);
  std::string nextString();  // whose length is the next number
  Part nextQuoted(Napi::Env env, const Napi::Array& values);
  std::string_view nextBytes(const Napi::Array& values);
  AttachedRequest nextRequest(const Napi::Array& values);
  void nextParts(const Napi::Array& values);  // a count and as many parts, into parts_
  void nextBroadcast(const Napi::Array& values);

  Batch batch_;
  std::span<const std::int32_t> numbers_;
  std::size_t position_ = 0;
  std::uint32_t nextValue_ = 0;
  std::size_t textPosition_ = 0;  // in the batch's bytes
  bool ascii_ = true;
  std::vector<Part> parts_;
};

}  // namespace beastio::addon
