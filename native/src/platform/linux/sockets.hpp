// The sockets of Linux. Runs on: any thread.
#pragma once

#include "platform/posix/sockets.hpp"

namespace beastio::platform {

constexpr int kNow = MSG_DONTWAIT | MSG_NOSIGNAL;

/// A stream socket that does not wait, and that no program inherits.
inline int openStreamSocket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/// Such a socket, of the next client. It has TCP_NODELAY from the one that listens.
inline int acceptFrom(int listener, sockaddr* name, socklen_t* length) {
  return ::accept4(listener, name, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/// Makes a socket of the host's what `acceptFrom` gives.
inline void prepareStream(int socket) {
  setOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);  // fails without harm on a unix socket
}

}  // namespace beastio::platform
