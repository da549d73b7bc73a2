// A real engine with its threads, one recording handler for all of them, and clients on plain
// sockets.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "beastio/engine.hpp"
#include "protocol/websocket/frame-builder.hpp"
#include "support/peer.hpp"
#include "support/recording-handler.hpp"
#include "support/server-frame.hpp"

namespace beastio::engine::test {

using beastio::test::Peer;
using beastio::test::RecordingHandler;

inline constexpr std::string_view kUpgradeLines =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

inline std::string httpRequest(std::string_view method, std::string_view query,
                               std::string_view lines = {}, std::string_view body = {}) {
  std::string request(method);
  request.append(" /engine.io/?EIO=4&").append(query).append(" HTTP/1.1\r\nHost: x\r\n");
  if (method == "POST") {
    request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return request.append(lines).append("\r\n").append(body);
}

inline std::string pollOf(std::string_view sid) {
  return httpRequest("GET", "transport=polling&sid=" + std::string(sid));
}

inline std::string postOf(std::string_view sid, std::string_view body) {
  return httpRequest("POST", "transport=polling&sid=" + std::string(sid), {}, body);
}

/// The body of a response.
inline std::string bodyOf(const std::string& response) {
  const auto end = response.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : response.substr(end + 4);
}

/// The sid of an open packet, wherever it stands in `text`.
inline std::string sidIn(const std::string& text) {
  const auto at = text.find("\"sid\":\"");
  return at == std::string::npos ? std::string() : text.substr(at + 7, 20);
}

struct EngineRig {
  explicit EngineRig(EngineOptions options = {})
      : engine(std::make_unique<Engine>(options,
                                        [this](unsigned) -> EngineHandler& { return handler; })) {}

  std::uint16_t listen() {
    std::error_code error;
    const auto bound = engine->listen({.host = "127.0.0.1"}, error);
    if (!bound) throw std::system_error(error);
    port = bound->port;
    return port;
  }
  Peer connect(std::string_view firstBytes = {}) { return Peer::connected(port, firstBytes); }

  /// Opens a polling session and returns its sid.
  std::string openPolling(Peer& peer) {
    peer.send(httpRequest("GET", "transport=polling"));
    return sidIn(peer.readResponse());
  }
  /// Opens a WebSocket session and returns its sid.
  std::string openWebSocket(Peer& peer) {
    peer.send(httpRequest("GET", "transport=websocket", kUpgradeLines));
    peer.readThrough("\r\n\r\n");
    return sidIn(peer.readThrough("}"));
  }
  void send(SessionId id, std::string_view text) {
    Batch batch(engine->ioThreads());
    const Part part = batch.addText(text);
    batch.send(id, &part, 1, {});
    engine->submit(batch);
  }
  void request(AttachedRequest request) {
    Batch batch(engine->ioThreads());
    batch.request(std::move(request));
    engine->submit(batch);
  }
  void streamData(unsigned thread, RequestId stream, std::string_view bytes) {
    Batch batch(engine->ioThreads());
    batch.streamData(thread, stream, batch.addBinary(bytes));
    engine->submit(batch);
  }
  void broadcast(Audience audience, std::string_view text) {
    Batch batch(engine->ioThreads());
    const Part part = batch.addText(text);
    batch.broadcast(std::move(audience), {part}, {});
    engine->submit(batch);
  }

  RecordingHandler handler;        // of all threads
  std::unique_ptr<Engine> engine;  // destroyed before its handler
  std::uint16_t port = 0;
};

inline EngineOptions withThreads(unsigned threads) {
  EngineOptions options;
  options.ioThreads = threads;
  return options;
}

}  // namespace beastio::engine::test
