// Generated from lib/options/ by `npm run options`: the options that cross as they are.
// Runs on: the JS thread.
#pragma once

#include "beastio/options.hpp"
#include "object-fields.hpp"

namespace beastio::addon {

inline void readOptionFields(const Napi::Object& value, EngineOptions& options) {
  options.ioDriver = choice<decltype(options.ioDriver)>(value, "ioDriver");
  options.maxSendQueueBytes = size(value, "maxSendQueueBytes");
  options.sendTimeout = milliseconds(value, "sendTimeout");
  options.hardMaxSendQueueBytes = size(value, "hardMaxSendQueueBytes");
  options.maxTotalSendQueueBytes = size(value, "maxTotalSendQueueBytes");
  options.slowClientPolicy = choice<decltype(options.slowClientPolicy)>(value, "slowClientPolicy");
  options.trimMemory = flag(value, "trimMemory");
  options.maxInboxBytes = size(value, "maxInboxBytes");
  options.maxInboxBytesPerClient = size(value, "maxInboxBytesPerClient");
  options.port.bodyTimeout = milliseconds(value, "bodyTimeout");
  options.port.minBodyBytesPerSecond = size(value, "minBodyBytesPerSecond");
  readWhole(value, "maxClients", options.admission.maxClients);
  readWhole(value, "maxClientsPerAddress", options.admission.maxClientsPerAddress);
  readWhole(value, "maxConnectionsPerAddress", options.admission.maxConnectionsPerAddress);
  readWhole(value, "maxHandshakesPerSecond", options.admission.maxHandshakesPerSecond);
  readWhole(value, "ipv6PrefixBits", options.admission.ipv6PrefixBits);
  readWhole(value, "maxMessagesPerSecond", options.rate.maxMessagesPerSecond);
  options.rate.maxBytesPerSecond = size(value, "maxBytesPerSecond");
  options.rate.policy = choice<decltype(options.rate.policy)>(value, "rateLimitPolicy");
  options.pingInterval = milliseconds(value, "pingInterval");
  options.pingTimeout = milliseconds(value, "pingTimeout");
  options.upgradeTimeout = milliseconds(value, "upgradeTimeout");
  options.maxHttpBufferSize = size(value, "maxHttpBufferSize");
  options.allowUpgrades = flag(value, "allowUpgrades");
  options.allowEIO3 = flag(value, "allowEIO3");
}

}  // namespace beastio::addon
