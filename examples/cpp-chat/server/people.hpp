// Who is here. A person is a secret token in one browser tab; the public id is its hash, so it
// stays the same when the server restarts. A person whose last connection was lost is "away" and
// keeps nickname and rooms for a while. One who leaves on purpose is gone after a moment.
// Runs on: the I/O thread.
#pragma once

#include <beastio/socketio.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wire.hpp"

namespace chat {

class Person {
 public:
  explicit Person(std::string theToken);
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

  Author author() const { return {id, nick}; }
  PersonView view() const { return {id, nick, sockets.empty(), {}}; }
  bool isIn(std::string_view room) const;

  /// What a nonce was sent as before.
  std::optional<Sent> alreadySent(const std::optional<std::string>& nonce) const;
  /// A repeated message is recognised among the last 64.
  void rememberSent(const std::optional<std::string>& nonce, Sent sent);

  const std::string token;
  const std::string id;
  std::string nick{};
  std::set<std::string, std::less<>> sockets{};  ///< ids of those that speak for this person
  std::vector<std::string> rooms{};              ///< each with its #, in the order of joining
  std::uint64_t awayTimer = 0;

 private:
  std::deque<std::pair<std::string, Sent>> sent_;
};

class People {
 public:
  /// `away`: how long a lost person stays known. `onGone`: they are about to be forgotten.
  People(beastio::socketio::Server& io, std::chrono::milliseconds away,
         std::function<void(Person&)> onGone);

  /// Returns none if nobody of that id is known.
  Person* find(const std::string& id) const;
  /// A returning token finds its person; a new one becomes a person. Throws a Refusal if the
  /// nickname is somebody else's.
  Person& enter(const std::optional<std::string>& token, const std::string& nick);
  /// Throws a Refusal likewise.
  void rename(Person& person, const std::string& nick);
  void attach(Person& person, std::string_view socketId);
  void detach(Person& person, std::string_view socketId, bool onPurpose);

 private:
  void remove(const std::string& id);

  beastio::socketio::Server& io_;
  const std::chrono::milliseconds away_;
  const std::function<void(Person&)> onGone_;
  std::unordered_map<std::string, std::unique_ptr<Person>> byId_;
  std::unordered_map<std::string, Person*> byNick_;
};

/// What two nicknames must not share, and what they are sorted by.
std::string keyOf(std::string_view nick);

}  // namespace chat
