// The commands of one Batch::take, shared by the threads they concern and never changed again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "beastio/batch.hpp"

namespace beastio {

struct Batch::Block {
  enum class Kind : std::uint8_t {
    kSend,
    kSendShared,
    kBroadcast,
    kJoin,
    kLeave,
    kMark,
    kClose,
    kTerminate,
  };

  struct Command {
    Kind kind = Kind::kSend;
    SendFlags flags{};
    bool discard = false;     ///< kClose
    SessionId id{};           ///< all but kBroadcast
    std::uint32_t first = 0;  ///< sends: index into parts; kBroadcast: into broadcasts; rooms: id
    std::uint32_t count = 0;  ///< sends: number of parts
  };

  struct Broadcast {
    Audience audience;
    std::vector<Part> parts;
    SendFlags flags{};
  };

  std::string bytes;
  std::vector<Part> parts;
  std::vector<Broadcast> broadcasts;
  std::vector<std::vector<Command>> perThread;

  /// Bytes that the block occupies on behalf of one thread.
  std::size_t cost(unsigned thread) const {
    return bytes.size() + perThread[thread].size() * sizeof(Command);
  }

  /// The parts of a kSend or kSendShared.
  std::span<const Part> partsOf(const Command& command) const {
    return std::span(parts).subspan(command.first, command.count);
  }

  std::string_view view(Part part) const {
    return std::string_view(bytes).substr(part.offset, part.length);
  }
};

}  // namespace beastio
