// What the sessions of an I/O thread are set to, by the names and meanings of EngineOptions. Made
// in engine/settings.cpp. Never changes: a thread is given another one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "session/limits/message-rate.hpp"

namespace beastio {
enum class SlowClientPolicy : std::uint8_t;
}

namespace beastio::session {

struct Settings {
  std::chrono::milliseconds pingInterval{};
  std::chrono::milliseconds pingTimeout{};
  std::chrono::milliseconds upgradeTimeout{};
  std::chrono::milliseconds closeTimeout{};
  std::size_t maxHttpBufferSize = 0;
  std::size_t maxSendQueueBytes = 0;
  std::optional<std::size_t> hardMaxSendQueueBytes{};
  std::chrono::milliseconds sendTimeout{};
  SlowClientPolicy slowClientPolicy{};  ///< kDisconnect
  /// Up to so many bytes wait for a client without a look at these.
  std::size_t freeSendQueueBytes = 0;
  bool hasRate = false;  ///< one of its limits is set
  MessageRate::Limits rate{};
  bool cutsWhoIsTooFast = false;  ///< else its client is paused
  bool allowEIO3 = false;
  bool polling = false;
  bool websocket = false;
  bool webtransport = false;
  bool allowUpgrades = false;
  bool parseSocketioHeader = false;
  bool initialPacketIsBinary = false;
  std::string initialPacket{};
};

}  // namespace beastio::session
