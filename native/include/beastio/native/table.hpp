// The functions of the host, and values on their way to them. Part of beastio/native.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/abi.h"
#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/errors.hpp"
#include "beastio/socketio/json.hpp"
#include "beastio/socketio/socket-ref.hpp"

namespace beastio::native {

/// The table of the first host that was opened. Every file of the addon sees the same, and no other
/// addon does.
inline const beastio_api* table = nullptr;

inline constexpr std::uint32_t kVolatile = BEASTIO_VOLATILE;
inline constexpr std::uint32_t kNoCompress = BEASTIO_NO_COMPRESS;
inline constexpr std::uint32_t kLocal = BEASTIO_LOCAL;
inline constexpr std::uint32_t kChecked = BEASTIO_CHECKED;

/// Those who are called by a host may not have opened it.
inline void use(const beastio_event& event) {
  if (table == nullptr) table = event.api;
}

/// For the calls below.
inline const beastio_api& api() { return *table; }

inline beastio_bytes raw(std::string_view text) { return {text.data(), text.size()}; }

inline std::string_view view(beastio_bytes bytes) {
  return bytes.size == 0 ? std::string_view() : std::string_view(bytes.data, bytes.size);
}

inline beastio_socket raw(const socketio::SocketRef& ref) {
  return {ref.session().place, ref.session().generation, ref.scope(), ref.epoch()};
}

inline socketio::SocketRef refOf(beastio_socket socket) {
  return {{.place = socket.place, .generation = socket.generation}, socket.scope, socket.epoch};
}

/// Empty if all is well.
inline std::error_code errorOf(beastio_status status) {
  if (status == BEASTIO_OK) return {};
  return {static_cast<int>(status), socketio::socketioCategory()};
}

/// A sink that appends to a std::string.
inline void append(void* string, beastio_bytes bytes) {
  static_cast<std::string*>(string)->append(bytes.data, bytes.size);
}

/// Whether a text is ASCII that JSON needs no escapes for. Most texts are, and need no call of the
/// host's.
inline bool isPlain(std::string_view text) {
  constexpr std::size_t kStep = sizeof(std::uint64_t);
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = kOnes << 7;
  std::uint64_t found = 0;
  const auto look = [&found](const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, kStep);
    const auto hasLess = [](std::uint64_t of, std::uint64_t than) {
      return (of - kOnes * than) & ~of;
    };
    found |= bytes | hasLess(bytes, ' ') | hasLess(bytes ^ (kOnes * '"'), 1) |
             hasLess(bytes ^ (kOnes * '\\'), 1);
  };
  if (text.size() < kStep) {
    char padded[] = "        ";
    std::memcpy(padded, text.data(), text.size());
    look(padded);
  } else {
    for (std::size_t at = 0; at + kStep <= text.size(); at += kStep) look(text.data() + at);
    look(text.data() + text.size() - kStep);
  }
  return (found & kHighBits) == 0;
}

/// A packet that a Writer has written. Lifetime: of the writer, which must not change.
class Packet {
 public:
  Packet(const socketio::Writer& writer, std::string_view name, std::uint32_t flags) {
    for (const auto bytes : writer.attachments()) {
      attachments_.push_back({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    packet_ = {.size = sizeof(beastio_packet),
               .flags = flags | kChecked,
               .name = raw(name),
               .array = raw(writer.text()),
               .attachments = attachments_.data(),
               .attachment_count = static_cast<std::uint32_t>(attachments_.size())};
  }
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;

  const beastio_packet* get() const { return &packet_; }

 private:
  std::vector<beastio_bytes> attachments_;
  beastio_packet packet_{};
};

/// An event or an answer that the host has given. Lifetime: of the call that has brought it.
class Given {
 public:
  explicit Given(const beastio_event& event)
      : attachments_(viewsOf(event)),
        args_(view(event.payload), event.arguments_at, attachments_) {}
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;

  const socketio::Args& args() const { return args_; }

 private:
  static std::vector<std::string_view> viewsOf(const beastio_event& event) {
    std::vector<std::string_view> views;
    for (std::uint32_t i = 0; i < event.attachment_count; ++i) {
      views.push_back(view(event.attachments[i]));
    }
    return views;
  }

  std::vector<std::string_view> attachments_;
  socketio::Args args_;
};

}  // namespace beastio::native
