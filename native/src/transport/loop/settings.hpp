// What an I/O thread is set to, by the names and meanings of EngineOptions. Connections read it,
// and so do the doors above them, which find it in the thread's Environment. Made in
// engine/settings.cpp. Never changes: a thread is given another one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/websocket/deflate-offer.hpp"
#include "session/settings.hpp"

namespace beastio {
struct CorsOptions;
enum class LeftToHost : std::uint8_t;
}  // namespace beastio

namespace beastio::transport {

/// See PortOptions.
struct PortSettings {
  std::chrono::milliseconds headersTimeout{};
  std::chrono::milliseconds requestTimeout{};
  std::chrono::milliseconds keepAliveTimeout{};
  std::chrono::milliseconds bodyTimeout{};
  std::size_t minBodyBytesPerSecond = 0;
  std::size_t maxHeaderBytes = 0;
  std::size_t maxHeadersCount = 0;

  // Of the doors.
  LeftToHost leftToHost{};
  bool reportRefusals = false;
  bool reportHandshakes = false;
  std::size_t maxConnections = 0;
  std::optional<std::size_t> compressionThreshold{};
  std::string cookieStart{};
  std::string cookieEnd{};
  std::shared_ptr<const CorsOptions> cors{};
};

class TrustedProxies;

/// See AdmissionOptions; 0: no limit.
struct AdmissionSettings {
  /// Whether a limit of clients is for each address.
  bool countsAddresses() const { return maxClientsPerAddress > 0 || maxHandshakesPerSecond > 0; }

  bool isDraining = false;
  std::size_t maxClients = 0;
  std::size_t maxClientsPerAddress = 0;
  std::size_t maxConnectionsPerAddress = 0;
  std::size_t maxHandshakesPerSecond = 0;
  unsigned ipv6PrefixBits = 0;
  std::shared_ptr<const TrustedProxies> proxies{};
};

struct Settings : session::Settings {
  std::size_t maxFragments = 0;
  std::size_t maxInboxBytesPerClient = 0;

  // Of the engine.
  std::size_t maxTotalSendQueueBytes = 0;
  bool trimMemory = false;
  std::string path{};
  /// What of permessage-deflate is negotiated; empty: nothing.
  std::optional<protocol::DeflateOptions> perMessageDeflate{};
  PortSettings port{};
  AdmissionSettings admission{};
};

}  // namespace beastio::transport
