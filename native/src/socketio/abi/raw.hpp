// What stands in the C interface, as the types of the C++ one, and back. Pure functions. Lifetime:
// views are those of what was given.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/abi.h"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/outbox.hpp"

namespace beastio::socketio {

inline std::string_view view(beastio_bytes bytes) {
  return bytes.data == nullptr ? std::string_view() : std::string_view(bytes.data, bytes.size);
}

inline beastio_bytes raw(std::string_view text) { return {text.data(), text.size()}; }

inline beastio_socket raw(SocketRef ref) {
  return {ref.session().place, ref.session().generation, ref.scope(), ref.epoch()};
}

inline SocketRef refOf(beastio_socket socket) {
  return {{.place = socket.place, .generation = socket.generation}, socket.scope, socket.epoch};
}

/// What is no code of ours has none in the interface.
inline beastio_status statusOf(std::error_code error) {
  if (!error) return BEASTIO_OK;
  return error.category() == socketioCategory() ? static_cast<beastio_status>(error.value())
                                                : BEASTIO_HANDLER_FAILED;
}

template <class Index>
auto elements(const Index* first, std::size_t count) {
  return first == nullptr ? std::span<const Index>() : std::span<const Index>(first, count);
}

/// The JSON of a packet, checked if need be.
inline std::optional<RawJson> jsonOf(const beastio_packet& packet) {
  if ((packet.flags & BEASTIO_CHECKED) != 0) return RawJson::trusted(view(packet.array));
  return RawJson::of(view(packet.array));
}

/// An answer of an addon: any JSON array. Errors: kBadArguments if it is none.
inline std::error_code fill(Writer& writer, const beastio_packet& packet) {
  const auto json = jsonOf(packet);
  if (!json || !ArrayReader(json->text()).isArray()) return Errc::kBadArguments;
  writer.raw(*json);
  for (const auto bytes : elements(packet.attachments, packet.attachment_count)) {
    writer.attach(std::as_bytes(std::span(bytes.data, bytes.size)));
  }
  return {};
}

/// An event of an addon: its array is checked. Its first element must be the event's name.
class RawEvent {
 public:
  explicit RawEvent(const beastio_packet& packet)
      : isChecked_((packet.flags & BEASTIO_CHECKED) != 0),
        json_(jsonOf(packet)),
        writer_(view(packet.name), json_.value_or(RawJson())) {
    for (const auto bytes : elements(packet.attachments, packet.attachment_count)) {
      writer_.attach(std::as_bytes(std::span(bytes.data, bytes.size)));
    }
  }

  /// Errors: kBadArguments.
  std::error_code error() const {
    if (isChecked_) return {};
    if (!json_) return Errc::kBadArguments;
    std::string name;
    const auto first = ArrayReader(json_->text()).next();
    if (!first || !readString(*first, name) || name != writer_.event()) {
      return Errc::kBadArguments;
    }
    return {};
  }
  const EventWriter& writer() const { return writer_; }

 private:
  bool isChecked_;
  std::optional<RawJson> json_;
  EventWriter writer_;
};

/// The calls of the C++ classes that take what is written already.
struct RawCalls {
  static std::error_code send(SocketRef ref, const EventWriter& writer, Outbox* outbox,
                              bool isVolatile) {
    return ref.send(writer, outbox, isVolatile);
  }
  static void ask(SocketRef ref, const EventWriter& writer, std::chrono::milliseconds timeout,
                  AckSink sink) {
    ref.ask(writer, std::move(sink), timeout);
  }
  static std::error_code answer(const Ack& ack, const Writer& writer) { return ack.answer(writer); }
  static std::error_code send(const BroadcastOperator& to, const EventWriter& writer,
                              Outbox* outbox) {
    return to.send(writer, outbox);
  }
  static void ask(const BroadcastOperator& to, const EventWriter& writer,
                  BroadcastOperator::AnswersSink done) {
    to.ask(writer, std::move(done));
  }
  static BroadcastOperator operatorFor(const beastio_audience& audience, std::uint32_t flags) {
    BroadcastOperator result(audience.scope);
    auto& target = result.target_;
    for (const auto room : elements(audience.rooms, audience.room_count)) {
      target.rooms.emplace_back(view(room));
    }
    for (const auto room : elements(audience.except_rooms, audience.except_room_count)) {
      target.except.emplace_back(view(room));
    }
    for (const auto socket : elements(audience.except_sockets, audience.except_socket_count)) {
      target.exceptSockets.push_back(refOf(socket));
    }
    flags |= audience.flags;
    target.isVolatile = (flags & BEASTIO_VOLATILE) != 0;
    target.compress = (flags & BEASTIO_NO_COMPRESS) == 0;
    target.isLocal = (flags & BEASTIO_LOCAL) != 0;
    target.timeout = std::chrono::milliseconds(audience.timeout_ms);
    return result;
  }
};

}  // namespace beastio::socketio
