// What Linux and macOS have in common. `kNow` has a call return at once, whatever mode the socket
// is in, and raise no signal. Runs on: any thread.
#pragma once

#include <fcntl.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

#include "platform/network.hpp"

namespace beastio::platform {

using Buffer = std::span<const std::uint8_t>;

/// More buffers than that leave by the next call.
constexpr std::size_t kMaxSendBuffers = 64;

inline int lastSocketError() { return errno; }
inline bool isOnlyLater(int error) { return error == EAGAIN || error == EWOULDBLOCK; }
inline bool isOutOfDescriptors(int error) { return error == EMFILE || error == ENFILE; }
/// Of an accept: the next one may succeed.
inline bool isOfOneClient(int error) { return error == ECONNABORTED || error == EINTR; }

inline bool setOption(int socket, int level, int name, int value) {
  return ::setsockopt(socket, level, name, &value, sizeof value) == 0;
}

/// A descriptor to be given up when there is no other one.
inline int openSpare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

inline ssize_t receiveNow(int socket, std::span<std::uint8_t> room, int flags) {
  return ::recv(socket, room.data(), room.size(), flags);
}

/// One buffer leaves by send(2), which costs the kernel less than sendmsg(2).
inline ssize_t sendNow(int socket, std::span<const Buffer> buffers, int flags) {
  if (buffers.size() == 1) {
    return ::send(socket, buffers.front().data(), buffers.front().size(), flags);
  }
  std::array<iovec, kMaxSendBuffers> parts;
  const auto count = std::min(buffers.size(), parts.size());
  std::transform(buffers.begin(), buffers.begin() + static_cast<std::ptrdiff_t>(count),
                 parts.begin(), [](Buffer buffer) {
                   return iovec{const_cast<std::uint8_t*>(buffer.data()), buffer.size()};
                 });
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(count);  // an int with musl
  return ::sendmsg(socket, &message, flags);
}

inline void shutdownSending(int socket) { ::shutdown(socket, SHUT_WR); }

}  // namespace beastio::platform
