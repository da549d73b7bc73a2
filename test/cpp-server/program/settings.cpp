#include "settings.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace beastio::test {
namespace {

using socketio::Argument;
using socketio::Codec;
using socketio::ObjectReader;

template <class T>
void read(std::string_view json, std::string_view key, T& out) {
  if (const auto value = ObjectReader::find(json, key)) Codec<T>::read({.json = *value}, out);
}

void read(std::string_view json, std::string_view key, std::chrono::milliseconds& out) {
  auto ms = out.count();
  read(json, key, ms);
  out = std::chrono::milliseconds(ms);
}

void readTransports(std::string_view json, EngineOptions& options) {
  const auto given = ObjectReader::find(json, "transports");
  if (!given) return;
  std::vector<std::string> names;
  Codec<std::vector<std::string>>::read({.json = *given}, names);
  options.polling = options.websocket = false;
  for (const auto& name : names) (name == "polling" ? options.polling : options.websocket) = true;
}

void readCompression(std::string_view json, EngineOptions& options) {
  const auto given = ObjectReader::find(json, "perMessageDeflate");
  if (!given || *given == "false") return;
  auto& deflate = options.perMessageDeflate.emplace();
  read(*given, "threshold", deflate.threshold);
  read(*given, "serverNoContextTakeover", deflate.serverNoContextTakeover);
  read(*given, "clientNoContextTakeover", deflate.clientNoContextTakeover);
  read(*given, "serverMaxWindowBits", deflate.serverMaxWindowBits);
  read(*given, "clientMaxWindowBits", deflate.clientMaxWindowBits);
}

void readCors(std::string_view json, EngineOptions& options) {
  const auto given = ObjectReader::find(json, "cors");
  if (!given) return;
  auto& cors = options.port.cors.emplace();
  std::string origin;
  read(*given, "origin", origin);
  cors.origins.push_back(origin);
  read(*given, "credentials", cors.credentials);
}

}  // namespace

EngineOptions engineOptionsOf(std::string_view json) {
  EngineOptions options;
  read(json, "ioThreads", options.ioThreads);
  read(json, "path", options.path);
  read(json, "pingInterval", options.pingInterval);
  read(json, "pingTimeout", options.pingTimeout);
  read(json, "upgradeTimeout", options.upgradeTimeout);
  read(json, "maxHttpBufferSize", options.maxHttpBufferSize);
  read(json, "allowUpgrades", options.allowUpgrades);
  read(json, "allowEIO3", options.allowEIO3);
  read(json, "keepAliveTimeout", options.port.keepAliveTimeout);
  readTransports(json, options);
  readCompression(json, options);
  readCors(json, options);
  return options;
}

socketio::ServerOptions serverOptionsOf(std::string_view json) {
  socketio::ServerOptions options;
  options.engine = engineOptionsOf(json);
  read(json, "path", options.path);
  read(json, "connectTimeout", options.connectTimeout);
  read(json, "ackTimeout", options.ackTimeout);
  read(json, "maxRoomsPerSocket", options.maxRoomsPerSocket);
  read(json, "maxPendingAcks", options.maxPendingAcks);
  read(json, "maxNamespaces", options.maxNamespaces);
  read(json, "maxJsonDepth", options.maxJsonDepth);
  read(json, "poolThreads", options.poolThreads);
  return options;
}

}  // namespace beastio::test
