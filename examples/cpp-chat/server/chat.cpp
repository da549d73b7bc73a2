#include "chat.hpp"

#include <algorithm>
#include <utility>

#include "rate-limiter.hpp"
#include "refusal.hpp"
#include "secrets.hpp"

namespace chat {

using beastio::socketio::Ack;
using beastio::socketio::Args;
using beastio::socketio::DisconnectReason;

namespace {

constexpr double kImageCost = 4;

/// What a socket is to the chat.
struct Visitor {
  std::string personId{};
  RateLimiter limiter{};
};

Visitor& visitorOf(beastio::socketio::Socket& socket) { return socket.data<Visitor>(); }

/// The room of a person's connections.
std::string doorOf(const Person& person) { return "person:" + person.id; }

std::int64_t nowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

Chat::Chat(beastio::socketio::Server& io, std::chrono::milliseconds away)
    : io_(io),
      people_(io, away, [this](Person& person) { forget(person); }),
      presence_(io, rooms_),
      run_(randomHex(4)) {}

void Chat::start() {
  answer("hello", 1, &Chat::hello);
  answer("rename", 1, &Chat::rename);
  answer("join", 1, &Chat::join);
  answer("leave", 1, &Chat::leave);
  answer("message", 1, &Chat::message);
  answer("image", 0.1, &Chat::image);
  answer("typing", 0.1, &Chat::typing);
  io_.onConnection([this](Socket& socket) { returned(socket); });
  io_.of("/").onDisconnect(
      [this](Socket& socket, DisconnectReason reason, std::string_view) { left(socket, reason); });
}

template <class Reply>
void Chat::answer(std::string_view event, double cost,
                  Reply (Chat::*handler)(Socket&, const Request&)) {
  io_.on(event, [this, cost, handler](Socket& socket, const Args& args, Ack ack) {
    const Request request(args);
    const auto price = isTruthy(request["image"]) ? kImageCost : cost;
    const int seconds = visitorOf(socket).limiter.take(price, RateLimiter::Clock::now());
    try {
      if (seconds > 0) {
        throw Refusal("slow-down", "A little slower: wait " + std::to_string(seconds) + " s.");
      }
      ack((this->*handler)(socket, request));
    } catch (const Refusal& refusal) {
      ack(Refused{.code = refusal.code(), .error = refusal.what()});
    }
  });
}

// The first words of every connection, new or recovered: who I am and which rooms I was in. The
// answer brings the page up to date. After a recovery it has no messages: those that were missed
// came with the connection itself.
Welcome Chat::hello(Socket& socket, const Request& request) {
  const auto token = checkedToken(request["token"]);
  const Person* const known = people_.find(visitorOf(socket).personId);
  if (known != nullptr && known->token != token) {
    throw Refusal("hello", "This connection belongs to someone else.");
  }
  const auto nick = checkedNick(request["nick"]);
  const auto rooms = checkedRoomNames(request["rooms"], Rooms::kPerPerson);
  auto& person = people_.enter(token, nick);
  try {
    for (const auto& room : rooms) rooms_.join(person, room);
  } catch (const Refusal&) {
    if (person.sockets.empty()) people_.detach(person, {}, true);  // nobody stays behind
    throw;
  }
  attach(socket, person);
  Welcome welcome;
  welcome.me = person.author();
  welcome.token = person.token;
  for (const auto& name : person.rooms) {
    welcome.rooms.push_back(viewOf(name));
    if (socket.isRecovered()) welcome.rooms.back().messages.clear();
  }
  if (!socket.isRecovered()) welcome.directs = directsOf(person);
  welcome.directory = rooms_.directory();
  return welcome;
}

Renamed Chat::rename(Socket& socket, const Request& request) {
  auto& person = personOf(socket);
  people_.rename(person, checkedNick(request["nick"]));
  tell(person, false);
  Renamed renamed;
  renamed.me = person.author();
  return renamed;
}

Joined Chat::join(Socket& socket, const Request& request) {
  auto& person = personOf(socket);
  const auto name = checkedRoomName(request["room"]);
  rooms_.join(person, name);
  io_.to(doorOf(person)).socketsJoin(name);
  presence_.changed({name});
  Joined joined;
  joined.room = viewOf(name);
  return joined;
}

Done Chat::leave(Socket& socket, const Request& request) {
  auto& person = personOf(socket);
  const auto name = checkedRoomName(request["room"]);
  io_.to(doorOf(person)).socketsLeave(name);
  leaveRoom(person, name);
  return {};
}

Sent Chat::message(Socket& socket, const Request& request) {
  auto& person = personOf(socket);
  const auto nonce = checkedNonce(request["nonce"]);
  if (const auto before = person.alreadySent(nonce)) return *before;

  auto text = checkedText(request["text"]);
  auto image = checkedImage(request["image"]);
  if (text.empty() && !image) throw Refusal("text", "There is nothing to send.");
  const auto [to, conversation, peer] = addressOf(person, request["to"]);
  Sent sent;
  sent.id = run_ + "-" + std::to_string(++count_);
  sent.at = nowMs();
  const Message message{.id = sent.id,
                        .to = to,
                        .from = person.author(),
                        .at = sent.at,
                        .text = std::move(text),
                        .image = std::move(image)};
  history_.add(conversation, message);
  person.rememberSent(nonce, sent);
  // The sender's other tabs hear it too; this one has it already.
  const auto listeners =
      peer != nullptr ? socket.to(doorOf(person)).to(doorOf(*peer)) : socket.to(to);
  listeners.emit("message", message);
  return sent;
}

Picture Chat::image(Socket& socket, const Request& request) {
  const auto address = addressOf(personOf(socket), request["to"]);
  auto image = history_.image(address.conversation, stringOf(request["id"]));
  if (!image) throw Refusal("image", "This image is no longer kept.");
  Picture picture;
  picture.type = std::move(image->type);
  picture.data = *image->data;
  return picture;
}

Done Chat::typing(Socket& socket, const Request& request) {
  const auto& person = personOf(socket);
  const auto address = addressOf(person, request["to"]);
  const auto room = address.peer != nullptr ? doorOf(*address.peer) : address.to;
  const bool isOn = request["on"].json == "true";
  socket.to(room).volatile_().emit("typing", TypingNotice{address.to, person.author(), isOn});
  return {};
}

// A recovered connection carries its data: the person is back before the page says hello.
void Chat::returned(Socket& socket) {
  Person* const person = people_.find(visitorOf(socket).personId);
  if (socket.isRecovered() && person != nullptr) attach(socket, *person);
}

void Chat::left(Socket& socket, DisconnectReason reason) {
  Person* const person = people_.find(visitorOf(socket).personId);
  if (person == nullptr) return;
  const bool onPurpose = reason == DisconnectReason::kClientNamespaceDisconnect;
  people_.detach(*person, socket.id(), onPurpose);
  tell(*person, false);
}

void Chat::forget(Person& person) {
  tell(person, true);
  for (const auto& name : std::vector(person.rooms)) leaveRoom(person, name);
}

Person& Chat::personOf(Socket& socket) const {
  Person* const person = people_.find(visitorOf(socket).personId);
  if (person == nullptr) throw Refusal("hello", "Choose a nickname first.");
  return *person;
}

void Chat::attach(Socket& socket, Person& person) {
  visitorOf(socket).personId = person.id;
  people_.attach(person, socket.id());
  socket.join(doorOf(person));
  for (const auto& room : person.rooms) socket.join(room);
  tell(person, false);
}

void Chat::leaveRoom(Person& person, const std::string& name) {
  if (rooms_.leave(person, name)) history_.drop(name);
  presence_.changed({name});
}

Chat::Address Chat::addressOf(const Person& person, const Value& to) const {
  const auto name = stringOf(to);
  if (name.starts_with('@')) {
    Person* const peer = people_.find(name.substr(1));
    if (peer == nullptr || peer == &person) {
      throw Refusal("gone", "This person has left the chat.");
    }
    return {name, directOf(person.id, peer->id), peer};
  }
  const auto room = checkedRoomName(to);
  if (!person.isIn(room)) throw Refusal("room", "You are not in " + room + ".");
  return {room, room};
}

RoomView Chat::viewOf(const std::string& room) const {
  return {room, rooms_.people(room), history_.list(room)};
}

std::vector<Direct> Chat::directsOf(const Person& person) const {
  std::vector<Direct> directs;
  for (const auto& peerId : history_.peersOf(person.id)) {
    auto messages = history_.list(directOf(person.id, peerId));
    if (const Person* const peer = people_.find(peerId)) {
      directs.push_back({peer->view(), std::move(messages)});
      continue;
    }
    const auto last =
        std::find_if(messages.rbegin(), messages.rend(),
                     [&peerId](const Message& message) { return message.from.id == peerId; });
    const auto nick = last == messages.rend() ? std::string("Someone") : last->from.nick;
    directs.push_back({{.id = peerId, .nick = nick, .gone = true}, std::move(messages)});
  }
  return directs;
}

// A person changed: their rooms hear it, and those they have a private conversation with.
void Chat::tell(const Person& person, bool isGone) {
  presence_.changed(person.rooms);
  auto view = person.view();
  if (isGone) view.gone = true;
  for (const auto& peerId : history_.peersOf(person.id)) {
    if (const Person* const peer = people_.find(peerId)) io_.to(doorOf(*peer)).emit("person", view);
  }
}

}  // namespace chat
