#include "people.hpp"

#include <algorithm>

#include "refusal.hpp"
#include "secrets.hpp"
#include "text.hpp"

namespace chat {
namespace {

constexpr std::size_t kNonces = 64;
constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kIdDigits = 12;

/// A page that is reloaded leaves on purpose, and is back within this time.
constexpr std::chrono::milliseconds kReload{2'000};

}  // namespace

std::string keyOf(std::string_view nick) { return encode(lowered(decode(nick))); }

Person::Person(std::string theToken)
    : token(std::move(theToken)), id(sha256(token).substr(0, kIdDigits)) {}

bool Person::isIn(std::string_view room) const {
  return std::find(rooms.begin(), rooms.end(), room) != rooms.end();
}

std::optional<Sent> Person::alreadySent(const std::optional<std::string>& nonce) const {
  for (const auto& [known, sent] : sent_) {
    if (known == nonce) return sent;
  }
  return std::nullopt;
}

void Person::rememberSent(const std::optional<std::string>& nonce, Sent sent) {
  if (!nonce) return;
  sent_.emplace_back(*nonce, std::move(sent));
  if (sent_.size() > kNonces) sent_.pop_front();
}

People::People(beastio::socketio::Server& io, std::chrono::milliseconds away,
               std::function<void(Person&)> onGone)
    : io_(io), away_(away), onGone_(std::move(onGone)) {}

Person* People::find(const std::string& id) const {
  const auto found = byId_.find(id);
  return found == byId_.end() ? nullptr : found->second.get();
}

Person& People::enter(const std::optional<std::string>& token, const std::string& nick) {
  auto fresh = std::make_unique<Person>(token ? *token : randomHex(kTokenBytes));
  Person* const known = find(fresh->id);
  auto& person = known != nullptr ? *known : *fresh;
  rename(person, nick);
  if (known == nullptr) byId_.emplace(person.id, std::move(fresh));
  return person;
}

void People::rename(Person& person, const std::string& nick) {
  const auto key = keyOf(nick);
  const auto holder = byNick_.find(key);
  if (holder != byNick_.end() && holder->second != &person) {
    throw Refusal("nick-taken", "Someone here is already called " + holder->second->nick + ".");
  }
  byNick_.erase(keyOf(person.nick));
  byNick_.emplace(key, &person);
  person.nick = nick;
}

void People::attach(Person& person, std::string_view socketId) {
  io_.cancel(person.awayTimer);
  person.sockets.emplace(socketId);
}

void People::detach(Person& person, std::string_view socketId, bool onPurpose) {
  if (const auto socket = person.sockets.find(socketId); socket != person.sockets.end()) {
    person.sockets.erase(socket);
  }
  if (!person.sockets.empty()) return;
  io_.cancel(person.awayTimer);
  person.awayTimer = io_.after(onPurpose ? kReload : away_, [this, id = person.id] { remove(id); });
}

void People::remove(const std::string& id) {
  const auto found = byId_.find(id);
  const auto person = std::move(found->second);
  byId_.erase(found);
  byNick_.erase(keyOf(person->nick));
  onGone_(*person);
}

}  // namespace chat
