// RoomsIndex and SessionTable: membership, swaps, audiences, ids of other threads and of the past.
#include "engine/registry/rooms-index.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::engine;

namespace {

struct Rig {
  static constexpr unsigned kThread = 3;

  session::TimerQueue timers;
  session::test::FakeHost host;
  SessionTable sessions{kThread};
  RoomsIndex rooms{sessions};

  Client& add(std::string name) {
    const auto id = sessions.reserve();
    return sessions.add(
        std::make_unique<Client>(timers, host, id, std::move(name), session::Dialect{}));
  }
  /// As the I/O thread does at the end of a session.
  void remove(Client& client) {
    rooms.leaveAll(client);
    sessions.remove(client.session.id());
  }
  /// The sids of an audience, sorted.
  std::string resolve(const Audience& audience) {
    std::string names;
    for (const Client* client : rooms.resolve(audience)) names += client->session.sid();
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

TEST_CASE("Joining and leaving change a room, twice is once", "[rooms]") {
  Rig rig;
  auto& a = rig.add("a");
  auto& b = rig.add("b");
  rig.rooms.join(a, 1);
  rig.rooms.join(a, 1);
  rig.rooms.join(b, 1);
  rig.rooms.join(b, 2);
  CHECK(rig.resolve({.rooms = {1}}) == "ab");
  CHECK(rig.resolve({.rooms = {2}}) == "b");
  CHECK(rig.resolve({.rooms = {3}}).empty());
  CHECK(rig.resolve({}).empty());
  rig.rooms.leave(a, 1);
  rig.rooms.leave(a, 1);
  rig.rooms.leave(a, 9);
  CHECK(rig.resolve({.rooms = {1}}) == "b");
  rig.rooms.leaveAll(b);
  rig.rooms.leaveAll(b);
  CHECK(rig.resolve({.rooms = {1, 2}}).empty());
  CHECK(a.rooms.empty());
  CHECK(b.rooms.empty());
}

TEST_CASE("An audience has each member once, without the excepted", "[rooms]") {
  Rig rig;
  auto& a = rig.add("a");
  auto& b = rig.add("b");
  auto& c = rig.add("c");
  auto& d = rig.add("d");
  for (Client* client : {&a, &b, &c}) rig.rooms.join(*client, 1);
  for (Client* client : {&b, &c, &d}) rig.rooms.join(*client, 2);
  const auto idOf = [](const Client& client) { return client.session.id(); };
  CHECK(rig.resolve({.rooms = {1, 2}}) == "abcd");
  CHECK(rig.resolve({.rooms = {1, 1, 7}}) == "abc");
  CHECK(rig.resolve({.rooms = {1}, .exceptRooms = {2}}) == "a");
  CHECK(rig.resolve({.rooms = {1}, .exceptRooms = {7}}) == "abc");
  CHECK(rig.resolve({.rooms = {1, 2}, .exceptSessions = {idOf(b), idOf(d)}}) == "ac");
  CHECK(rig.resolve({.sessions = {idOf(d), idOf(d)}}) == "d");
  CHECK(rig.resolve({.rooms = {1}, .sessions = {idOf(d), idOf(a)}}) == "abcd");
  CHECK(rig.resolve({.rooms = {1}, .exceptRooms = {2}, .sessions = {idOf(d)}}) == "a");
  CHECK(rig.resolve({.rooms = {1, 2}, .exceptRooms = {1, 2}}).empty());
}

TEST_CASE("Ids of other threads and of the past name nobody", "[rooms]") {
  Rig rig;
  auto& a = rig.add("a");
  const auto id = a.session.id();
  CHECK(id.thread() == Rig::kThread);
  CHECK(rig.sessions.find(id) == &a);
  const SessionId elsewhere{.place = id.slot(), .generation = id.generation};
  CHECK(rig.sessions.find(elsewhere) == nullptr);
  CHECK(rig.sessions.find(SessionId{}) == nullptr);
  CHECK(rig.sessions.find(SessionId{.place = id.place + 1000, .generation = 1}) == nullptr);

  rig.rooms.join(a, 1);
  CHECK(rig.resolve({.sessions = {elsewhere}}).empty());
  CHECK(rig.resolve({.rooms = {1}, .exceptSessions = {elsewhere}}) == "a");

  rig.remove(a);
  CHECK(rig.sessions.find(id) == nullptr);
  CHECK(rig.sessions.find("a") == nullptr);
  auto& b = rig.add("b");
  CHECK(b.session.id().slot() == id.slot());
  CHECK(b.session.id().generation == id.generation + 1);
  CHECK(rig.sessions.find(id) == nullptr);
  CHECK(rig.resolve({.sessions = {id}}).empty());
  CHECK(rig.resolve({.rooms = {1}}).empty());
}

TEST_CASE("Rooms stay whole through storms of joins, leaves and ends", "[rooms]") {
  Rig rig;
  constexpr RoomId kRooms = 7;
  std::vector<Client*> clients;
  std::vector<std::vector<Client*>> expected(kRooms);
  std::uint32_t state = 12345;  // a small generator, the same in every run
  const auto random = [&state](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8U) % below;
  };
  int names = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (clients.empty() || (clients.size() < 60 && random(10) == 0)) {
      clients.push_back(&rig.add("client" + std::to_string(names++)));
    }
    const auto index = random(static_cast<std::uint32_t>(clients.size()));
    Client* const client = clients[index];
    const auto room = random(kRooms);
    auto& members = expected[room];
    switch (random(8)) {
      case 0:
        for (auto& list : expected) std::erase(list, client);
        clients.erase(clients.begin() + index);
        rig.remove(*client);
        break;
      case 1:
      case 2:
      case 3:
        std::erase(members, client);
        rig.rooms.leave(*client, room);
        break;
      default:
        std::erase(members, client);
        members.push_back(client);
        rig.rooms.join(*client, room);
    }
    const auto resolved = rig.rooms.resolve({.rooms = {room}});
    std::vector<Client*> got(resolved.begin(), resolved.end());
    auto wanted = members;
    std::sort(got.begin(), got.end());
    std::sort(wanted.begin(), wanted.end());
    REQUIRE(got == wanted);
  }
}

TEST_CASE("SessionTable lists its sessions", "[rooms]") {
  Rig rig;
  CHECK(rig.sessions.ids().empty());
  auto& a = rig.add("a");
  auto& b = rig.add("b");
  auto ids = rig.sessions.ids();
  CHECK(ids.size() == 2);
  CHECK(std::count(ids.begin(), ids.end(), a.session.id()) == 1);
  CHECK(std::count(ids.begin(), ids.end(), b.session.id()) == 1);
  CHECK(rig.sessions.find("b") == &b);
}
