#include "engine/registry/rooms-index.hpp"

#include <algorithm>

#include "beastio/host/audience.hpp"

namespace beastio::engine {
namespace {

auto findMembership(Client& client, RoomId room) {
  return std::find_if(client.rooms.begin(), client.rooms.end(),
                      [room](const Membership& entry) { return entry.room == room; });
}

}  // namespace

void RoomsIndex::join(Client& client, RoomId room) {
  affinity_.check();
  if (findMembership(client, room) != client.rooms.end()) return;
  auto& members = rooms_[room];
  client.rooms.push_back({room, members.size()});
  members.push_back(&client);
}

void RoomsIndex::leave(Client& client, RoomId room) {
  affinity_.check();
  const auto entry = findMembership(client, room);
  if (entry == client.rooms.end()) return;
  const auto position = entry->position;
  client.rooms.erase(entry);
  removeFrom(rooms_[room], room, position);
}

bool RoomsIndex::isIn(Client& client, RoomId room) const {
  affinity_.check();
  return findMembership(client, room) != client.rooms.end();
}

void RoomsIndex::leaveAll(Client& client) {
  affinity_.check();
  for (const auto& entry : client.rooms) removeFrom(rooms_[entry.room], entry.room, entry.position);
  client.rooms.clear();
}

// The last member takes the place that becomes free.
void RoomsIndex::removeFrom(Members& members, RoomId room, std::size_t position) {
  Client* const last = members.back();
  members.pop_back();
  if (position < members.size()) {
    members[position] = last;
    findMembership(*last, room)->position = position;
  }
  if (members.empty()) rooms_.erase(room);
}

void RoomsIndex::take(Client& client) {
  if (client.mark == mark_) return;
  client.mark = mark_;
  resolved_.push_back(&client);
}

std::span<Client* const> RoomsIndex::resolve(const Audience& audience) {
  affinity_.check();
  if (audience.rooms.size() == 1 && audience.sessions.empty() && audience.exceptRooms.empty() &&
      audience.exceptSessions.empty()) {
    const auto room = rooms_.find(audience.rooms.front());
    if (room == rooms_.end()) return {};
    resolved_ = room->second;  // a copy: sending may end a session and change the room
    return resolved_;
  }
  ++mark_;
  resolved_.clear();
  for (const auto id : audience.exceptSessions) {
    if (Client* client = sessions_.find(id)) client->mark = mark_;
  }
  for (const auto room : audience.exceptRooms) {
    const auto found = rooms_.find(room);
    if (found == rooms_.end()) continue;
    for (Client* client : found->second) client->mark = mark_;
  }
  for (const auto id : audience.sessions) {
    if (Client* client = sessions_.find(id)) take(*client);
  }
  for (const auto room : audience.rooms) {
    const auto found = rooms_.find(room);
    if (found == rooms_.end()) continue;
    for (Client* client : found->second) take(*client);
  }
  return resolved_;
}

}  // namespace beastio::engine
