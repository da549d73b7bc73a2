// What the server tells a page, as types: their members are those of the JSON.
#pragma once

#include <beastio/socketio.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chat {

struct Author {
  std::string id{};
  std::string nick{};
};

struct PersonView {
  std::string id{};
  std::string nick{};
  std::optional<bool> away{};
  std::optional<bool> gone{};
};

/// Bytes that many hold.
struct Bytes {
  std::shared_ptr<const std::vector<std::byte>> held{};
};

struct Image {
  std::string type{};
  std::size_t bytes = 0;
  int width = 0;   ///< pixels; 0: unknown
  int height = 0;  ///< likewise
  std::optional<Bytes> data{};
};

struct Message {
  std::string id{};
  std::string to{};  ///< `#room` or `@person`
  Author from{};
  std::int64_t at = 0;  ///< milliseconds since 1970
  std::string text{};
  std::optional<Image> image{};
};

struct RoomView {
  std::string name{};
  std::vector<PersonView> people{};
  std::vector<Message> messages{};
};

struct Direct {
  PersonView peer{};
  std::vector<Message> messages{};
};

struct DirectoryEntry {
  std::string name{};
  std::size_t people = 0;
};

struct PeopleNotice {
  std::string room{};
  std::vector<PersonView> people{};
};

struct TypingNotice {
  std::string to{};
  Author from{};
  bool on = false;
};

// Answers.

struct Done {
  bool ok = true;
};

struct Refused {
  bool ok = false;
  std::string code{};
  std::string error{};
};

struct Welcome : Done {
  Author me{};
  std::string token{};
  std::vector<RoomView> rooms{};
  std::vector<Direct> directs{};
  std::vector<DirectoryEntry> directory{};
};

struct Renamed : Done {
  Author me{};
};

struct Joined : Done {
  RoomView room{};
};

struct Sent : Done {
  std::string id{};
  std::int64_t at = 0;
};

struct Picture : Done {
  std::string type{};
  Bytes data{};
};

}  // namespace chat

namespace beastio::socketio {

template <>
struct Codec<chat::Bytes> {
  static void write(const chat::Bytes& value, Writer& writer) { writer.binary(*value.held); }
};

template <>
struct Codec<chat::Author>
    : Members<chat::Author, Member<"id", &chat::Author::id>, Member<"nick", &chat::Author::nick>> {
};

template <>
struct Codec<chat::PersonView> : Members<chat::PersonView, Member<"id", &chat::PersonView::id>,
                                         Member<"nick", &chat::PersonView::nick>,
                                         OptionalMember<"away", &chat::PersonView::away>,
                                         OptionalMember<"gone", &chat::PersonView::gone>> {};

template <>
struct Codec<chat::Image>
    : Members<chat::Image, Member<"type", &chat::Image::type>, Member<"bytes", &chat::Image::bytes>,
              Member<"width", &chat::Image::width>, Member<"height", &chat::Image::height>,
              OptionalMember<"data", &chat::Image::data>> {};

template <>
struct Codec<chat::Message>
    : Members<chat::Message, Member<"id", &chat::Message::id>, Member<"to", &chat::Message::to>,
              Member<"from", &chat::Message::from>, Member<"at", &chat::Message::at>,
              Member<"text", &chat::Message::text>,
              OptionalMember<"image", &chat::Message::image>> {};

template <>
struct Codec<chat::RoomView> : Members<chat::RoomView, Member<"name", &chat::RoomView::name>,
                                       Member<"people", &chat::RoomView::people>,
                                       Member<"messages", &chat::RoomView::messages>> {};

template <>
struct Codec<chat::Direct> : Members<chat::Direct, Member<"peer", &chat::Direct::peer>,
                                     Member<"messages", &chat::Direct::messages>> {};

template <>
struct Codec<chat::DirectoryEntry>
    : Members<chat::DirectoryEntry, Member<"name", &chat::DirectoryEntry::name>,
              Member<"people", &chat::DirectoryEntry::people>> {};

template <>
struct Codec<chat::PeopleNotice>
    : Members<chat::PeopleNotice, Member<"room", &chat::PeopleNotice::room>,
              Member<"people", &chat::PeopleNotice::people>> {};

template <>
struct Codec<chat::TypingNotice>
    : Members<chat::TypingNotice, Member<"to", &chat::TypingNotice::to>,
              Member<"from", &chat::TypingNotice::from>, Member<"on", &chat::TypingNotice::on>> {};

template <>
struct Codec<chat::Done> : Members<chat::Done, Member<"ok", &chat::Done::ok>> {};

template <>
struct Codec<chat::Refused>
    : Members<chat::Refused, Member<"ok", &chat::Refused::ok>, Member<"code", &chat::Refused::code>,
              Member<"error", &chat::Refused::error>> {};

template <>
struct Codec<chat::Welcome>
    : Members<chat::Welcome, Member<"ok", &chat::Welcome::ok>, Member<"me", &chat::Welcome::me>,
              Member<"token", &chat::Welcome::token>, Member<"rooms", &chat::Welcome::rooms>,
              Member<"directs", &chat::Welcome::directs>,
              Member<"directory", &chat::Welcome::directory>> {};

template <>
struct Codec<chat::Renamed>
    : Members<chat::Renamed, Member<"ok", &chat::Renamed::ok>, Member<"me", &chat::Renamed::me>> {};

template <>
struct Codec<chat::Joined>
    : Members<chat::Joined, Member<"ok", &chat::Joined::ok>, Member<"room", &chat::Joined::room>> {
};

template <>
struct Codec<chat::Sent> : Members<chat::Sent, Member<"ok", &chat::Sent::ok>,
                                   Member<"id", &chat::Sent::id>, Member<"at", &chat::Sent::at>> {};

template <>
struct Codec<chat::Picture>
    : Members<chat::Picture, Member<"ok", &chat::Picture::ok>, Member<"type", &chat::Picture::type>,
              Member<"data", &chat::Picture::data>> {};

}  // namespace beastio::socketio
