// Commands of the host, gathered and then posted once to every I/O thread they concern.
// Owner: the thread that fills it. Order: commands for one session run in the order they were
// added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/host/audience.hpp"
#include "beastio/host/send-flags.hpp"
#include "beastio/session-id.hpp"

namespace beastio {

struct AttachedRequest;
enum class SlowClientPolicy : std::uint8_t;

/// A piece of a batch's bytes.
struct Part {
  std::uint32_t offset = 0;  ///< where it begins in the batch
  std::uint32_t length = 0;  ///< in bytes
  bool binary = false;       ///< bytes, not text
};

/// The queue between the host and the I/O threads: one immutable block per submit. Bound: less than
/// 4 GiB of bytes between two submits. A command for a session that is gone does nothing.
class BEASTIO_EXPORT Batch {
 public:
  /// `ioThreads`: those of the engine that it is submitted to.
  explicit Batch(unsigned ioThreads);
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;

  /// Adds bytes for later commands and returns where they stand.
  Part addText(std::string_view utf8);
  /// As addText, of bytes.
  Part addBinary(std::string_view bytes);
  /// Room for `length` bytes that the caller fills in before the next call.
  char* extend(std::size_t length);
  /// Adds what stands at `part` once more.
  void addCopy(Part part);
  /// Takes back what was added from `offset` on, to which no command refers.
  void shrink(std::size_t offset);
  /// How many bytes were added since the last `take`.
  std::size_t byteCount() const;
  /// What was added from `offset` on. Lifetime: until bytes are added.
  std::string_view bytesFrom(std::size_t offset) const;

  /// Sends a packet: a text and its attachments, one unit in every queue.
  void send(SessionId id, const Part* parts, std::size_t partCount, SendFlags flags);
  /// Sends a packet that is one text, or one message of bytes.
  void send(SessionId id, Part part, SendFlags flags = {}) { send(id, &part, 1, flags); }
  /// The same, if the session is in `room` when the command is executed.
  void sendIfIn(SessionId id, RoomId room, const Part* parts, std::size_t partCount,
                SendFlags flags);
  /// Takes a packet that is then sent to one session after the other by `sendShared`. Lifetime: of
  /// what is in the batch; the next call replaces it.
  void share(const Part* parts, std::size_t partCount, SendFlags flags);
  /// Sends the packet of the last `share`, again if it was sent to this session already.
  void sendShared(SessionId id);
  /// Sends a packet to many. Each of them gets it once, however many of the rooms it is in.
  void broadcast(Audience audience, std::vector<Part> parts, SendFlags flags = {},
                 Place place = {});
  /// From now on the session is not sent what stands in that series up to that place. Order: up to
  /// a few series for each session.
  void skipUpTo(SessionId id, Place place);
  /// Adds the session to a room, which is there as long as it has members.
  void join(SessionId id, RoomId room);
  /// Takes the session out of a room. Sessions that close leave theirs by themselves.
  void leave(SessionId id, RoomId room);
  /// What follows belongs to a later tick of the host. So does all that follows a `take`, unless it
  /// says otherwise. Only volatile packets depend on it.
  void beginTick();
  /// Asks for onDrain once all that was sent before has been taken.
  void mark(SessionId id);
  /// From now on Engine::queueBalance tells what waits for the session's client. The handler is
  /// told when that exceeds `highWaterMark` bytes, and when it is nothing again
  /// (EngineHandler::onPressure); 0: never.
  void watch(SessionId id, std::uint32_t highWaterMark);
  /// Has nothing more read of what the session's client sends, or all of it again. Meanwhile its
  /// silence does not end it. What was read before may still be told.
  void pause(SessionId id, bool paused);
  /// What becomes of that client when it takes less than it is sent; nothing, 0: what the options
  /// say.
  void setSlowClient(SessionId id, std::optional<SlowClientPolicy> policy,
                     std::uint32_t maxSendQueueBytes);
  /// Tells the handler of the session's thread something (EngineHandler::onNote): a text and its
  /// attachments. Order: among what is sent to the session.
  void note(SessionId id, const Part* parts, std::size_t partCount);
  /// Closes after what was sent before; `discard`: without waiting for the next poll, unless
  /// `keepsUnread` and packets wait for one.
  void close(SessionId id, bool discard, bool keepsUnread = false);
  /// Ends the session and cuts its connection off, without a goodbye.
  void terminate(SessionId id);
  /// Attached door, for the thread of the session that it names, or for the next in turn. The
  /// answer comes by onReply, onVerified or onRefused, under the request's id.
  void request(AttachedRequest request);
  /// Attached door: what a bridged stream of that thread has read, in order.
  void streamData(unsigned thread, RequestId stream, Part bytes);

  /// Whether there is no command in it.
  bool empty() const;

  struct Block;
  /// Takes all that was added (for Engine::submit). `endsTick`: what is added next belongs to a
  /// later tick of the host.
  std::shared_ptr<const Block> take(bool endsTick = true);

 private:
  class BlockPool;

  std::shared_ptr<BlockPool> pool_;
  std::shared_ptr<Block> block_;
  unsigned ioThreads_;
  unsigned turn_ = 0;  // of the requests that name no session
  std::uint32_t tick_;
  std::uint32_t sharedFirst_ = 0;
  std::uint32_t sharedCount_ = 0;  // 0: nothing is shared
  SendFlags sharedFlags_{};
};

}  // namespace beastio
