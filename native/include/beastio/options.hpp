// What can be set on an engine. Validated and interpreted by the host; the engine takes the values
// as they are.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace beastio {

struct EngineOptions {
  /// Threads that do all socket I/O, 1 to SessionId::kMaxThreads.
  unsigned ioThreads = 1;

  /// Request path of the engine's own listener, with its trailing slash.
  std::string path = "/engine.io/";

  std::chrono::milliseconds pingInterval{25'000};
  std::chrono::milliseconds pingTimeout{20'000};
  std::chrono::milliseconds upgradeTimeout{10'000};

  /// How long a closing session waits for the next poll, or for the peer's close frame.
  std::chrono::milliseconds closeTimeout{30'000};

  /// Most bytes of one message or of one POST body.
  std::size_t maxHttpBufferSize = 1'000'000;

  /// Most frames of one fragmented message.
  std::size_t maxFragments = 16'384;

  /// Most bytes that may wait for one slow client; beyond it the client is disconnected
  /// (`transport error`). A single message is always accepted by an empty queue.
  std::size_t maxSendQueueBytes = 64U << 20U;

  /// Most bytes of messages that wait for the host, per I/O thread; beyond it reading pauses.
  std::size_t maxInboxBytes = 16U << 20U;

  bool polling = true;
  bool websocket = true;
  bool allowUpgrades = true;

  /// Tell the host's handler where a Socket.IO EVENT or ACK has its namespace, id and payload.
  bool parseSocketioHeader = false;
};

}  // namespace beastio
