// Connection state recovery of one namespace: the sockets that are away, and the packets that they
// miss. Runs on: any thread. Bound: RecoveryOptions::maxBytes of packets, and one entry for each
// socket that is here or has left of late.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/session-id.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/options.hpp"
#include "beastio/socketio/pending.hpp"
#include "beastio/socketio/socket-ref.hpp"
#include "socketio/server/room-names.hpp"
#include "socketio/values/text-map.hpp"

namespace beastio::socketio {

/// A socket that is away.
struct AwaySocket {
  std::string pid;  ///< its secret name
  std::string sid;
  std::uint32_t epoch = 0;
  std::vector<std::string> rooms{};  ///< without its own
  std::vector<RoomId> numbers{};     ///< of these rooms
  std::shared_ptr<void> data{};
  std::uint64_t since = 0;  ///< of the packets: it has missed those behind it at most
};

/// A packet that is kept.
struct KeptPacket {
  std::uint64_t number = 0;
  std::chrono::steady_clock::time_point time{};
  Target target{};
  std::uint32_t toEpoch = 0;  ///< for one socket; 0: for the target
  std::string array{};
  std::vector<std::string> attachments{};

  std::size_t bytes() const;
  bool isFor(const AwaySocket& socket) const;
};

class Recovery {
 public:
  using Clock = std::chrono::steady_clock;

  /// A socket that is back, and what it has missed.
  struct Restored {
    AwaySocket socket;
    std::vector<std::shared_ptr<const KeptPacket>> missed;
    std::uint64_t number = 0;  ///< of the last packet that was looked at
  };

  Recovery(const RecoveryOptions& options, RoomNames& rooms) : options_(options), rooms_(rooms) {}

  const RecoveryOptions& options() const { return options_; }
  /// Keeps a packet, adds its number to it as the last argument, and returns that.
  std::uint64_t keep(const Target& target, std::uint32_t toEpoch, const EventWriter& writer);
  /// The number of the last packet.
  std::uint64_t last() const;
  /// A socket has entered. Order: `noteLeft` follows.
  void noteHere(std::string_view pid, SocketRef socket);
  void noteLeft(std::string_view pid);
  /// Who has that secret name and has not left.
  std::optional<SocketRef> whoIs(std::string_view pid) const;
  /// Its rooms stay while it is away, and have their numbers.
  void save(AwaySocket socket);
  /// The rooms of one that is back need not stay for it any more.
  void letGo(const AwaySocket& socket);
  /// Takes a socket that is away; `letGo` follows. `offset`: the number of the last packet that its
  /// client got; empty: none. Returns none if it is not there, or too much is gone.
  std::optional<Restored> restore(std::string_view pid, std::string_view offset);

 private:
  struct Entry {
    AwaySocket socket;
    Clock::time_point time;
  };

  void forgetOld(Clock::time_point now);

  const RecoveryOptions options_;
  RoomNames& rooms_;
  mutable std::mutex mutex_;
  // Guarded.
  std::deque<std::shared_ptr<const KeptPacket>> packets_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t forgotten_ = 0;  ///< the number of the last packet that is gone
  TextMap<SocketRef> here_;
  TextMap<Entry> away_;
  std::deque<std::pair<Clock::time_point, std::string>> order_;  ///< of those who are away
};

}  // namespace beastio::socketio
