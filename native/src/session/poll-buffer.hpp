// The server's end of the polling transport, as a machine: the pending poll of a session, and the
// packets that wait for one. Runs on: the session's I/O thread. Owner: the session. Bound: of the
// packets, the session's send limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "protocol/engineio/engineio-packet.hpp"
#include "protocol/text/byte-meter.hpp"
#include "session/channel.hpp"

namespace beastio::session {

class PostReader;

/// A packet that waits for a poll.
struct BufferedPacket {
  protocol::PacketType type;
  bool binary;
  bool compress;
  std::string data;
};

/// A POST of a paused client, which waits to be read or to be read on. Bound: one for each session,
/// of maxHttpBufferSize.
struct HeldPost {
  /// `counter`: of the bytes of such POSTs.
  HeldPost(std::unique_ptr<HttpExchange> post, std::string_view bytes, base::Counter& counter);
  ~HeldPost();
  HeldPost(const HeldPost&) = delete;
  HeldPost& operator=(const HeldPost&) = delete;

  std::unique_ptr<HttpExchange> exchange;
  std::string contentType{};  ///< if it is to be begun
  std::string body;
  base::CountedBytes counted;
  std::unique_ptr<PostReader> reader{};  ///< of the body, once it is begun
  bool isAscii = false;                  ///< the body, once it is begun
};

/// What a session has only while its client is paused, for one reason or for both.
struct Pause {
  bool isByHost = false;
  /// The client sends too fast, and is not read until then.
  std::optional<std::chrono::steady_clock::time_point> until{};
  std::unique_ptr<HeldPost> post{};
};

class PollBuffer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  enum class Action : std::uint8_t {
    kWait,    ///< nothing is there to answer with
    kFlush,   ///< packets wait: answer with them
    kRefuse,  ///< another poll is pending
  };

  /// `waiting` counts what waits for the thread's clients.
  explicit PollBuffer(protocol::ByteMeter& waiting) : waiting_(waiting) {}
  ~PollBuffer() { takePackets(); }
  PollBuffer(const PollBuffer&) = delete;
  PollBuffer& operator=(const PollBuffer&) = delete;

  // The poll.

  /// Takes a poll, unless another one is pending.
  Action onPoll(std::unique_ptr<HttpExchange>& poll);
  bool hasPoll() const { return poll_ != nullptr; }
  bool isPoll(RequestId id) const { return poll_ && poll_->id() == id; }
  std::unique_ptr<HttpExchange> takePoll() { return std::exchange(poll_, nullptr); }

  // The packets.

  /// What a packet counts for beside its data.
  static constexpr std::size_t kPacketBytes = sizeof(BufferedPacket);

  /// Keeps a packet. `now`: needed only if `startsToWait`. Returns whether a flush must be asked
  /// for, which has not been asked for before.
  bool push(const Outgoing& packet, TimePoint now);
  /// Whether the next packet will be the first that waits.
  bool startsToWait() const { return !poll_ && packets_.empty(); }
  /// The flush that was asked for comes. Returns whether the poll is to be answered.
  bool beginFlush() {
    isFlushWanted_ = false;
    return poll_ && !packets_.empty();
  }
  bool empty() const { return packets_.empty(); }
  std::size_t bytes() const { return bytes_; }
  /// Since when packets have waited for the client to poll; nothing if they do not.
  std::optional<TimePoint> stalledSince() const {
    return poll_ || packets_.empty() ? std::nullopt : std::optional(since_);
  }
  std::vector<BufferedPacket> takePackets();

 private:
  std::unique_ptr<HttpExchange> poll_;  // the pending GET
  std::vector<BufferedPacket> packets_;
  std::size_t bytes_ = 0;  // of the packets
  TimePoint since_{};      // when the first of them came
  bool isFlushWanted_ = false;
  protocol::ByteMeter& waiting_;
};

}  // namespace beastio::session
