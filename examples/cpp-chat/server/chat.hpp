// The rules of the chat: what each event of a page does, and who hears of it. Every request is
// answered through its acknowledgement: `{ ok: true, … }`, or `{ ok: false, code, error }` with a
// sentence for the person. All state is in memory and bounded (see history.hpp).
// Runs on: the server's one I/O thread, so nothing here needs a lock.
#pragma once

#include <beastio/socketio.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checks.hpp"
#include "history.hpp"
#include "people.hpp"
#include "presence.hpp"
#include "rooms.hpp"
#include "wire.hpp"

namespace chat {

class Chat {
 public:
  using Socket = beastio::socketio::Socket;

  /// `away`: the time a lost person stays known. Lifetime: not shorter than the server's.
  Chat(beastio::socketio::Server& io, std::chrono::milliseconds away);

  /// Takes events from now on.
  void start();

 private:
  /// Where a message goes: to a room, or to a person and their conversation with the sender.
  struct Address {
    std::string to;
    std::string conversation;
    Person* peer = nullptr;
  };

  template <class Reply>
  void answer(std::string_view event, double cost, Reply (Chat::*handler)(Socket&, const Request&));

  Welcome hello(Socket& socket, const Request& request);
  Renamed rename(Socket& socket, const Request& request);
  Joined join(Socket& socket, const Request& request);
  Done leave(Socket& socket, const Request& request);
  Sent message(Socket& socket, const Request& request);
  Picture image(Socket& socket, const Request& request);
  Done typing(Socket& socket, const Request& request);

  void returned(Socket& socket);
  void left(Socket& socket, beastio::socketio::DisconnectReason reason);
  void forget(Person& person);

  Person& personOf(Socket& socket) const;
  void attach(Socket& socket, Person& person);
  void leaveRoom(Person& person, const std::string& name);
  Address addressOf(const Person& person, const Value& to) const;
  RoomView viewOf(const std::string& room) const;
  std::vector<Direct> directsOf(const Person& person) const;
  /// Those whom a private conversation is with, as far as they are known.
  void tell(const Person& person, bool isGone);

  beastio::socketio::Server& io_;
  History history_;
  Rooms rooms_;
  People people_;
  Presence presence_;
  const std::string run_;  // ids of an earlier run must never meet ours in a page that stayed open
  std::uint64_t count_ = 0;
};

}  // namespace chat
