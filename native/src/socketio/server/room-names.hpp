// The rooms of one namespace by name, and the numbers by which the engine knows them. Runs on: any
// thread; I/O threads keep the numbers of their own members' rooms and seldom ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "beastio/session-id.hpp"
#include "socketio/values/text-map.hpp"

namespace beastio::socketio {

/// Gives numbers to rooms, each to one at a time.
class RoomNumbers {
 public:
  /// Rooms of C++ have numbers from here on; those of JavaScript are below.
  static constexpr RoomId kFirst = RoomId{1} << 31U;
  /// From here on are the rooms that a session's first socket has alone.
  static constexpr RoomId kFirstAlone = RoomId{3} << 30U;

  RoomId take();
  void giveBack(RoomId number);

 private:
  std::mutex mutex_;
  RoomId next_ = kFirst;
  std::unordered_set<RoomId> taken_;
};

class RoomNames {
 public:
  explicit RoomNames(RoomNumbers& numbers) : numbers_(numbers) {}

  /// The number of a room, which stays as long as one `hold` more than `letGo` was called.
  RoomId hold(std::string_view name);
  void letGo(std::string_view name);
  /// Returns none if nobody holds it: then it has no members.
  std::optional<RoomId> find(std::string_view name) const;
  /// Looks at all of them. Empty: nobody holds it.
  std::string nameOf(RoomId number) const;

 private:
  struct Entry {
    RoomId number = 0;
    std::size_t holders = 0;
  };

  RoomNumbers& numbers_;
  mutable std::mutex mutex_;
  TextMap<Entry> entries_;
};

/// Keeps a room's number for a task that is about to add a member. So whoever has asked for that
/// may send to the room at once.
class RoomHold {
 public:
  RoomHold(RoomNames& rooms, std::string_view name) : rooms_(rooms), name_(name) {
    rooms_.hold(name_);
  }
  ~RoomHold() { rooms_.letGo(name_); }
  RoomHold(const RoomHold&) = delete;
  RoomHold& operator=(const RoomHold&) = delete;

  const std::string& name() const { return name_; }

 private:
  RoomNames& rooms_;
  const std::string name_;
};

}  // namespace beastio::socketio
