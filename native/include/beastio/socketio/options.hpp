// What can be set on a Socket.IO server.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "beastio/options.hpp"

namespace beastio::socketio {

/// Connection state recovery, as socket.io has it. A client that comes back in time has its id, its
/// rooms and its data again. It gets what it has missed.
struct RecoveryOptions {
  /// How long a client may be away.
  std::chrono::milliseconds maxDisconnectionDuration{120'000};
  /// A client that comes back does not pass the middlewares again.
  bool skipMiddlewares = true;
  /// Bytes of what is kept for those who are away, for each namespace. Beyond it the oldest packets
  /// go, and who misses one of them is not recovered.
  std::size_t maxBytes = 64U << 20U;
};

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
  /// Absent: clients that come back are new.
  std::optional<RecoveryOptions> connectionStateRecovery{};
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
