// The sockets of macOS, where a socket is opened first and then made what it is to be.
// Runs on: any thread.
#pragma once

#include "platform/posix/sockets.hpp"

namespace beastio::platform {

constexpr int kNow = MSG_DONTWAIT;

inline void prepareStream(int socket) {
  const int flags = ::fcntl(socket, F_GETFL);
  ::fcntl(socket, F_SETFL, flags | O_NONBLOCK);
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  setOption(socket, SOL_SOCKET, SO_NOSIGPIPE, 1);
  setOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);  // fails without harm on a unix socket
}

inline int openStreamSocket(int family) {
  const int socket = ::socket(family, SOCK_STREAM, 0);
  if (socket >= 0) prepareStream(socket);
  return socket;
}

inline int acceptFrom(int listener, sockaddr* name, socklen_t* length) {
  const int socket = ::accept(listener, name, length);
  if (socket >= 0) prepareStream(socket);
  return socket;
}

}  // namespace beastio::platform
