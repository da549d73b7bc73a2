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
    kRequest,
    kStreamData
  };

  struct Command {
    Kind kind = Kind::kSend;
    SendFlags flags{};
    bool discard = false;     ///< kClose
    SessionId id{};           ///< those for one session
    std::uint32_t first = 0;  ///< sends: index into parts; rooms: id; others: into their own list
    std::uint32_t count = 0;  ///< sends: number of parts
  };

  struct Broadcast {
    Audience audience;
    std::vector<Part> parts;
    SendFlags flags{};
  };

  struct StreamData {
    RequestId stream = 0;
    Part bytes{};
  };

  std::string bytes;
  std::vector<Part> parts;
  std::vector<Broadcast> broadcasts;
  std::vector<AttachedRequest> requests;
  std::vector<StreamData> streamData;
  std::size_t requestBytes = 0;
  std::vector<std::vector<Command>> perThread;

  /// Bytes that the block occupies on behalf of one thread.
  std::size_t cost(unsigned thread) const {
    return bytes.size() + requestBytes + perThread[thread].size() * sizeof(Command);
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
