// Packets that a session keeps for itself, as their client takes less than it is sent. They may
// still be dropped. What a connection has may not: it may be compressed, or sent in part.
// Pure. Runs on: the session's I/O thread. Owner: the session. Bound: by whoever drops; a mark
// costs as much as the host that asks for it.
#pragma once

#include <cstddef>
#include <list>
#include <span>
#include <vector>

#include "protocol/text/byte-meter.hpp"
#include "session/channel.hpp"

namespace beastio::session {

class HeldPackets {
 public:
  /// What a packet counts for beside its data.
  static constexpr std::size_t kPacketBytes = 128;

  struct Packet {
    std::vector<Outgoing> parts{};  ///< none: it is a mark
    std::size_t bytes = 0;
    bool mayDrop = false;
  };

  /// `waiting` counts what waits for the thread's clients.
  explicit HeldPackets(protocol::ByteMeter& waiting) : waiting_(waiting) {}
  ~HeldPackets();
  HeldPackets(const HeldPackets&) = delete;
  HeldPackets& operator=(const HeldPackets&) = delete;

  bool empty() const { return packets_.empty(); }
  std::size_t bytes() const { return bytes_; }
  /// Of those that may not be dropped.
  std::size_t undroppableBytes() const { return bytes_ - droppableBytes_; }

  /// Keeps the parts of one packet.
  void push(std::span<const Outgoing> parts, bool mayDrop);
  /// Adds the parts to the newest packet. Returns false if there is none, or a mark came behind it.
  bool extend(std::span<const Outgoing> parts);
  /// Keeps a place: `take` returns it once all before it is gone.
  void mark() { packets_.emplace_back(); }
  /// Drops the oldest that may be dropped until no more than `bytes` are left. The newest is never
  /// dropped. Returns how many parts that were. Costs: constant time for each packet, once.
  std::size_t dropOldest(std::size_t bytes);
  /// The oldest. Order: while there is one.
  Packet take();

 private:
  using Packets = std::list<Packet>;

  void keep(Packet& packet, std::span<const Outgoing> parts);
  void forget(const Packet& packet);
  void findOldest();

  Packets packets_;
  Packets::iterator oldest_ = packets_.end();  // that may be dropped
  std::size_t bytes_ = 0;
  std::size_t droppableBytes_ = 0;
  protocol::ByteMeter& waiting_;
};

}  // namespace beastio::session
