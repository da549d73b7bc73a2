// Which rooms there are and who is in them. A few rooms are always there; the others are made by
// joining and vanish with their last member. Bounds: 60 rooms, 12 per person.
// Runs on: the I/O thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "people.hpp"
#include "wire.hpp"

namespace chat {

class Rooms {
 public:
  static constexpr std::size_t kPerPerson = 12;

  Rooms();

  /// Throws a Refusal if there are too many.
  void join(Person& person, const std::string& name);
  /// Returns whether the room has vanished with this person.
  bool leave(Person& person, std::string_view name);
  /// Sorted by their names.
  std::vector<PersonView> people(std::string_view name) const;
  /// Every room, for those who look for one.
  std::vector<DirectoryEntry> directory() const;

 private:
  struct Room {
    std::string name;
    std::vector<Person*> members;
  };

  std::vector<Room> rooms_;  // in the order of their making
};

}  // namespace chat
