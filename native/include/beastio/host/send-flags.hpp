// How a Batch sends a packet.
#pragma once

#include <cstdint>

namespace beastio {

/// How a packet is sent.
struct SendFlags {
  /// Drop it for whoever cannot take it now, or was sent something else in the same tick of the
  /// host: see Batch::beginTick.
  bool isVolatile = false;
  bool compress = true;    ///< allow compression where negotiated
  bool isCounted = false;  ///< the host counts its bytes: see Engine::queueBalance
  std::uint8_t type = 4;   ///< of the Engine.IO packets: a message
};

}  // namespace beastio
