// The commands of one Batch::take. The threads that they concern share them, and nothing changes
// them until all these threads are done. Then the next block uses their memory.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "beastio/host/batch.hpp"
#include "engine/commands/byte-buffer.hpp"

namespace beastio {

struct AttachedRequest;

struct Batch::Block {
  Block();
  ~Block();
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  enum class Kind : std::uint8_t {
    kSend,
    kSendShared,
    kBroadcast,
    kJoin,
    kLeave,
    kSkipUpTo,
    kMark,
    kWatch,
    kPause,
    kSlowClient,
    kNote,
    kClose,
    kTerminate,
    kRequest,
    kStreamData
  };

  struct Command {
    Kind kind = Kind::kSend;
    SendFlags flags{};
    bool discard = false;      ///< kClose
    bool keepsUnread = false;  ///< kClose
    SessionId id{};            ///< those for one session
    std::uint32_t first = 0;   ///< sends, notes: index into parts; rooms: id; kWatch, kPause:
                               ///< the value; kSlowClient: 1 more than the policy, 0: none; others:
                               ///< into theirs
    std::uint32_t count = 0;   ///< sends, notes: number of parts; kSlowClient: bytes
    std::uint32_t tick = 0;    ///< sends: of the host
    RoomId onlyIn = 0;         ///< kSend: only if the session is in that room; 0: in any case
  };

  struct Broadcast {
    Audience audience;
    std::vector<Part> parts;
    SendFlags flags{};
    Place place{};
  };

  struct StreamData {
    RequestId stream = 0;
    Part bytes{};
  };

  ByteBuffer bytes;
  std::vector<Place> places;  ///< of kSkipUpTo
  std::vector<Part> parts;
  std::vector<Broadcast> broadcasts;
  std::vector<AttachedRequest> requests;
  std::vector<StreamData> streamData;
  std::size_t requestBytes = 0;
  std::size_t broadcastBytes = 0;  // of all broadcasts, each for one recipient
  std::vector<std::vector<Command>> perThread;

  /// Bytes that the block occupies on behalf of one thread.
  std::size_t cost(unsigned thread) const {
    return bytes.size() + requestBytes + perThread[thread].size() * sizeof(Command);
  }

  /// What a broadcast costs for each recipient, beside its bytes: as much as so many of them.
  static constexpr std::size_t kDeliveryBytes = 64;

  /// The work of its broadcasts, as bytes, if each of them has so many recipients.
  std::size_t deliveries(std::size_t recipients) const {
    return recipients * (broadcasts.size() * kDeliveryBytes + broadcastBytes);
  }

  /// The parts of a kSend, kSendShared or kNote.
  std::span<const Part> partsOf(const Command& command) const {
    return std::span(parts).subspan(command.first, command.count);
  }

  std::string_view view(Part part) const { return bytes.view().substr(part.offset, part.length); }

  /// The request of a kRequest.
  const AttachedRequest& request(const Command& command) const;

  void clear();
};

/// Large blocks that are done, for the next ones: memory that is given back to the system comes
/// again page by page. Runs on: any thread. Bound: kMaxSpare blocks of about kMaxSpareBytes.
class Batch::BlockPool : public std::enable_shared_from_this<BlockPool> {
 public:
  BlockPool() { spare_.reserve(kMaxSpare); }

  /// An empty block, which comes back when the last one lets it go.
  std::shared_ptr<Block> take();

 private:
  static constexpr std::size_t kMaxSpare = 4;
  static constexpr std::size_t kMaxSpareBytes = 512 * 1024;

  void giveBack(std::unique_ptr<Block> block);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Block>> spare_;
};

}  // namespace beastio
