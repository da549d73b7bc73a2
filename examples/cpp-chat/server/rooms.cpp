#include "rooms.hpp"

#include <algorithm>
#include <array>

#include "refusal.hpp"

namespace chat {
namespace {

constexpr std::array kPermanent{"#lobby", "#photos", "#random"};
constexpr std::size_t kRooms = 60;

template <class Rooms>
auto find(Rooms& rooms, std::string_view name) {
  return std::find_if(rooms.begin(), rooms.end(),
                      [name](const auto& room) { return room.name == name; });
}

}  // namespace

Rooms::Rooms() {
  for (const auto* const name : kPermanent) rooms_.push_back({name, {}});
}

void Rooms::join(Person& person, const std::string& name) {
  if (person.isIn(name)) return;
  if (person.rooms.size() >= kPerPerson) {
    throw Refusal("room",
                  "You are in " + std::to_string(kPerPerson) + " rooms already: leave one first.");
  }
  auto room = find(rooms_, name);
  if (room == rooms_.end()) {
    if (rooms_.size() >= kRooms) {
      throw Refusal("room", "There are enough rooms already: join one of them.");
    }
    room = rooms_.insert(room, Room{name, {}});
  }
  room->members.push_back(&person);
  person.rooms.push_back(name);
}

bool Rooms::leave(Person& person, std::string_view name) {
  std::erase(person.rooms, name);
  const auto room = find(rooms_, name);
  if (room == rooms_.end()) return false;
  std::erase(room->members, &person);
  const bool isPermanent =
      std::find(kPermanent.begin(), kPermanent.end(), name) != kPermanent.end();
  if (!room->members.empty() || isPermanent) return false;
  rooms_.erase(room);
  return true;
}

std::vector<PersonView> Rooms::people(std::string_view name) const {
  const auto room = find(rooms_, name);
  if (room == rooms_.end()) return {};
  auto members = room->members;
  std::sort(members.begin(), members.end(),
            [](const Person* a, const Person* b) { return keyOf(a->nick) < keyOf(b->nick); });
  std::vector<PersonView> views;
  for (const auto* const person : members) views.push_back(person->view());
  return views;
}

std::vector<DirectoryEntry> Rooms::directory() const {
  std::vector<DirectoryEntry> entries;
  for (const auto& room : rooms_) entries.push_back({room.name, room.members.size()});
  return entries;
}

}  // namespace chat
