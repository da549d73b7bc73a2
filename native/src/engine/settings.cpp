#include "engine/settings.hpp"

#include <cstdint>

#include "beastio/options.hpp"
#include "protocol/websocket/per-message-deflate.hpp"
#include "session/limits/send-limits.hpp"
#include "transport/loop/client-address.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {
namespace {

protocol::WindowBitsOption toWindowBits(int value) {
  using Kind = protocol::WindowBitsOption::Kind;
  if (value == PerMessageDeflateOptions::kAsOffered) return {.kind = Kind::kAsOffered};
  if (value == PerMessageDeflateOptions::kRefused) return {.kind = Kind::kRefused};
  return {.kind = Kind::kFixed, .bits = static_cast<std::uint8_t>(value)};
}

// Where packets may be dropped, each of them is looked at.
std::size_t freeSendQueueBytes(const session::Settings& settings) {
  switch (settings.slowClientPolicy) {
    case SlowClientPolicy::kDropOldest:
      return 0;
    case SlowClientPolicy::kDropVolatile:
      return session::SendLimits::Bounds{.soft = settings.maxSendQueueBytes,
                                         .hard = settings.hardMaxSendQueueBytes}
          .hardest();
    case SlowClientPolicy::kDisconnect:
      break;
  }
  return settings.maxSendQueueBytes;
}

void setSessions(session::Settings& settings, const EngineOptions& options) {
  settings.pingInterval = options.pingInterval;
  settings.pingTimeout = options.pingTimeout;
  settings.upgradeTimeout = options.upgradeTimeout;
  settings.closeTimeout = options.closeTimeout;
  settings.maxHttpBufferSize = options.maxHttpBufferSize;
  settings.maxSendQueueBytes = options.maxSendQueueBytes;
  settings.hardMaxSendQueueBytes = options.hardMaxSendQueueBytes;
  settings.sendTimeout = options.sendTimeout;
  settings.slowClientPolicy = options.slowClientPolicy;
  settings.freeSendQueueBytes = freeSendQueueBytes(settings);
  const auto& rate = options.rate;
  settings.hasRate = rate.maxMessagesPerSecond > 0 || rate.maxBytesPerSecond > 0;
  settings.rate = {.messages = rate.maxMessagesPerSecond, .bytes = rate.maxBytesPerSecond};
  settings.cutsWhoIsTooFast = rate.policy == RatePolicy::kDisconnect;
  settings.allowEIO3 = options.allowEIO3;
  settings.polling = options.polling;
  settings.websocket = options.websocket;
  settings.webtransport = options.webtransport;
  settings.allowUpgrades = options.allowUpgrades;
  settings.parseSocketioHeader = options.parseSocketioHeader;
  settings.initialPacketIsBinary = options.initialPacketIsBinary;
  settings.initialPacket = options.initialPacket;
}

transport::PortSettings toPort(const PortOptions& options) {
  return {.headersTimeout = options.headersTimeout,
          .requestTimeout = options.requestTimeout,
          .keepAliveTimeout = options.keepAliveTimeout,
          .bodyTimeout = options.bodyTimeout,
          .minBodyBytesPerSecond = options.minBodyBytesPerSecond,
          .maxHeaderBytes = options.maxHeaderBytes,
          .maxHeadersCount = options.maxHeadersCount,
          .leftToHost = options.leftToHost,
          .reportRefusals = options.reportRefusals,
          .reportHandshakes = options.reportHandshakes,
          .maxConnections = options.maxConnections,
          .compressionThreshold = options.compressionThreshold,
          .cookieStart = options.cookieStart,
          .cookieEnd = options.cookieEnd,
          .cors = options.cors ? std::make_shared<const CorsOptions>(*options.cors) : nullptr};
}

transport::AdmissionSettings toAdmission(const AdmissionOptions& options) {
  auto proxies = std::make_shared<transport::TrustedProxies>();
  for (const auto& proxy : options.trustedProxies) proxies->add(proxy);
  return {.isDraining = options.isDraining,
          .maxClients = options.maxClients,
          .maxClientsPerAddress = options.maxClientsPerAddress,
          .maxConnectionsPerAddress = options.maxConnectionsPerAddress,
          .maxHandshakesPerSecond = options.maxHandshakesPerSecond,
          .ipv6PrefixBits = options.ipv6PrefixBits,
          .proxies = std::move(proxies)};
}

}  // namespace

std::shared_ptr<const transport::Settings> settingsOf(const EngineOptions& options) {
  auto settings = std::make_shared<transport::Settings>();
  setSessions(*settings, options);
  settings->maxFragments = options.maxFragments;
  settings->maxInboxBytesPerClient = options.maxInboxBytesPerClient;
  settings->maxTotalSendQueueBytes = options.maxTotalSendQueueBytes;
  settings->trimMemory = options.trimMemory;
  settings->path = options.path;
  settings->perMessageDeflate = negotiableOf(options.perMessageDeflate);
  settings->port = toPort(options.port);
  settings->admission = toAdmission(options.admission);
  return settings;
}

std::optional<protocol::DeflateOptions> negotiableOf(
    const std::optional<PerMessageDeflateOptions>& options) {
  if (!options) return std::nullopt;
  return protocol::DeflateOptions{
      .serverNoContextTakeover = options->serverNoContextTakeover,
      .clientNoContextTakeover = options->clientNoContextTakeover,
      .serverMaxWindowBits = toWindowBits(options->serverMaxWindowBits),
      .clientMaxWindowBits = toWindowBits(options->clientMaxWindowBits)};
}

std::unique_ptr<protocol::DeflatePool> deflatePoolOf(const EngineOptions& options) {
  const auto& deflate = options.perMessageDeflate;
  if (!deflate) return nullptr;
  return std::make_unique<protocol::DeflatePool>(
      protocol::DeflateSettings{deflate->level, deflate->memLevel, deflate->strategy},
      deflate->threshold);
}

}  // namespace beastio::engine
