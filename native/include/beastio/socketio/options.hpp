// What can be set on a Socket.IO server.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "beastio/options.hpp"

namespace beastio::socketio {

/// Fixed at the start.
struct ServerOptions {
  /// Path of the requests.
  std::string path = "/socket.io/";
  /// Of the engine below. Its `path`, `initialPacket` and `parseSocketioHeader` do not count.
  EngineOptions engine{};
  /// A client that is in no namespace by then is disconnected.
  std::chrono::milliseconds connectTimeout{45'000};
  /// Within which time an acknowledgement must come.
  std::chrono::milliseconds ackTimeout{10'000};
  /// A turn of handlers on an I/O thread that takes longer is told to onError; 0: none is.
  std::chrono::milliseconds slowHandler{50};
  /// Rooms of one socket, without its own.
  std::size_t maxRoomsPerSocket = 10'000;
  /// Acknowledgements that one socket may owe.
  std::size_t maxPendingAcks = 10'000;
  /// Attachments of one packet. More are a bad packet.
  std::size_t maxAttachments = 10;
  /// Bytes of one packet with its attachments. More are a bad packet.
  std::size_t maxPacketBytes = 16U << 20U;
  /// How deep arrays and objects may lie in each other. Deeper ones are a bad packet.
  std::size_t maxJsonDepth = 1'000;
  /// Namespaces that one client may be in, and that clients may cause with `ofMatching`.
  std::size_t maxNamespaces = 1'000;
  /// Threads for handlers with InPool; 0: as many as the machine has cores.
  unsigned poolThreads = 0;
  /// Bytes of the events that wait for the pool. Beyond it clients are not read.
  std::size_t maxPoolBytes = 16U << 20U;
};

}  // namespace beastio::socketio
