// What an engine has counted. Each I/O thread counts for itself, and nobody is stopped to be asked:
// figures of one thread may be a turn apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "beastio/export.hpp"

namespace beastio {

/// Engine.IO clients by protocol.
struct ByProtocol {
  std::uint64_t v3 = 0;  ///< protocol 3: Socket.IO 1 and 2
  std::uint64_t v4 = 0;  ///< protocol 4: Socket.IO 3 and 4
};

/// Engine.IO clients by transport and protocol.
struct SessionCounts {
  ByProtocol polling{};       ///< HTTP long-polling
  ByProtocol webSocket{};     ///< WebSocket
  ByProtocol webTransport{};  ///< WebTransport
};

/// TCP connections, and streams that stand for them.
struct ConnectionStats {
  std::uint64_t open = 0;           ///< sockets of the I/O threads now
  std::uint64_t accepted = 0;       ///< by the own port
  std::uint64_t turnedAway = 0;     ///< beyond the most connections that the port may have
  std::uint64_t takenOver = 0;      ///< with their sockets, from an attached server
  std::uint64_t bridged = 0;        ///< streams that the host carries
  std::uint64_t tlsHandshakes = 0;  ///< of the own port, that have ended well
  std::uint64_t tlsFailures = 0;    ///< of the own port, that have not
};

/// Sessions that have changed to another transport.
struct UpgradeStats {
  std::uint64_t webSocket = 0;     ///< to WebSocket
  std::uint64_t webTransport = 0;  ///< to WebTransport
  std::uint64_t abandoned = 0;     ///< begun, and given up
};

/// Requests that were refused, by Engine.IO's error. Those that a limit turns away are not among
/// them.
struct RefusalStats {
  std::uint64_t unknownTransport = 0;            ///< code 0
  std::uint64_t unknownSid = 0;                  ///< code 1
  std::uint64_t badHandshakeMethod = 0;          ///< code 2
  std::uint64_t badRequest = 0;                  ///< code 3
  std::uint64_t forbidden = 0;                   ///< code 4
  std::uint64_t unsupportedProtocolVersion = 0;  ///< code 5
};

/// How often clients have met a limit: AdmissionOptions, RateOptions.
struct LimitStats {
  std::uint64_t maxClients = 0;                ///< too many in all
  std::uint64_t maxClientsPerAddress = 0;      ///< too many of an address
  std::uint64_t maxHandshakesPerSecond = 0;    ///< too many handshakes of an address
  std::uint64_t draining = 0;                  ///< turned away while the server ends
  std::uint64_t maxMessagesPerSecond = 0;      ///< a client was paused or cut off for its messages
  std::uint64_t maxBytesPerSecond = 0;         ///< a client was paused or cut off for their bytes
  std::uint64_t maxConnectionsPerAddress = 0;  ///< connections of an address that were closed
};

/// Sessions that have ended, by Engine.IO's reason.
struct CloseStats {
  std::uint64_t transportClose = 0;  ///< the client has left
  std::uint64_t transportError = 0;  ///< the connection failed, or a bound was exceeded
  std::uint64_t pingTimeout = 0;     ///< the client was silent
  std::uint64_t parseError = 0;      ///< the client sent what is no packet
  std::uint64_t forcedClose = 0;     ///< the server has closed it
};

/// Clients that were cut off for a bound, among those with `transport error`.
struct CutStats {
  std::uint64_t sendQueue = 0;       ///< too much waits for the client
  std::uint64_t totalSendQueue = 0;  ///< too much waits for all, and the client is slow
  std::uint64_t sendTimeout = 0;     ///< the client takes nothing
  std::uint64_t pings = 0;           ///< the client lets answers to its PINGs wait
  std::uint64_t messageSize = 0;     ///< its WebSocket message is too large
  std::uint64_t rate = 0;            ///< it sends too fast
};

/// What goes both ways.
struct Traffic {
  std::uint64_t in = 0;   ///< from clients
  std::uint64_t out = 0;  ///< to clients
};

/// Round trips of heartbeats: a histogram.
struct RoundTripStats {
  /// The upper bounds of the buckets, in milliseconds. The last bucket has what takes longer.
  static constexpr std::array<int, 13> kBounds{1,   2,   5,    10,   25,   50,   100,
                                               250, 500, 1000, 2500, 5000, 10000};

  std::array<std::uint64_t, kBounds.size() + 1> buckets{};  ///< round trips within each
  std::uint64_t microseconds = 0;                           ///< of all together
};

/// Answers of the own port that are errors, by HTTP status.
struct StatusStats {
  /// The statuses; 0 stands for all others from 400 on.
  static constexpr std::array<int, 12> kStatuses{400, 403, 404, 405, 408, 413,
                                                 417, 429, 431, 500, 503, 0};

  std::array<std::uint64_t, kStatuses.size()> counts{};  ///< answers with each
};

/// Who drives the loop, and how often it has turned.
struct DrivingStats {
  std::uint64_t byHost = 0;     ///< 1 while the host drives the loop: JavaScript, in Node
  std::uint64_t handOvers = 0;  ///< how often the host was given the loop
  std::uint64_t turns = 0;      ///< of the loop
  std::uint64_t hostTurns = 0;  ///< those of the host among them
};

/// What one I/O thread has counted, or all together.
struct ThreadStats {
  ConnectionStats connections{};     ///< sockets
  SessionCounts sessions{};          ///< Engine.IO clients now
  SessionCounts handshakes{};        ///< Engine.IO clients since the start
  UpgradeStats upgrades{};           ///< changes of the transport
  RefusalStats refusals{};           ///< by Engine.IO's code
  LimitStats limited{};              ///< by limit
  StatusStats httpErrors{};          ///< by HTTP status
  CloseStats closed{};               ///< by reason
  CutStats cut{};                    ///< by bound
  Traffic messages{};                ///< of Engine.IO
  Traffic bytes{};                   ///< as they pass the sockets; of attached polls, the bodies
  std::uint64_t sendQueueBytes = 0;  ///< what waits for clients
  std::uint64_t inboxBytes = 0;      ///< what waits for JavaScript, or in pools and inboxes
  std::uint64_t heldPostBytes = 0;   ///< POSTs that wait, for their clients or for handlers
  /// Those that slow clients were not sent: volatile ones, and by slowClientPolicy.
  std::uint64_t droppedMessages = 0;
  std::uint64_t heartbeats = 0;  ///< PINGs and PONGs of clients
  RoundTripStats roundTrips{};   ///< from a PING to its PONG, of protocol 4
  DrivingStats driving{};        ///< of the loop
};

/// What an engine has counted.
struct EngineStats {
  std::vector<ThreadStats> threads{};  ///< by their index

  /// All together.
  BEASTIO_EXPORT ThreadStats sum() const;
};

}  // namespace beastio

namespace beastio::stats {

/// The paths of the buckets.
inline constexpr std::array<const char*, RoundTripStats::kBounds.size() + 1> kBuckets{
    "roundTrips.buckets.1",     "roundTrips.buckets.2",       "roundTrips.buckets.5",
    "roundTrips.buckets.10",    "roundTrips.buckets.25",      "roundTrips.buckets.50",
    "roundTrips.buckets.100",   "roundTrips.buckets.250",     "roundTrips.buckets.500",
    "roundTrips.buckets.1000",  "roundTrips.buckets.2500",    "roundTrips.buckets.5000",
    "roundTrips.buckets.10000", "roundTrips.buckets.Infinity"};

/// Those of the HTTP statuses.
inline constexpr std::array<const char*, StatusStats::kStatuses.size()> kHttpErrors{
    "httpErrors.400", "httpErrors.403", "httpErrors.404", "httpErrors.405",
    "httpErrors.408", "httpErrors.413", "httpErrors.417", "httpErrors.429",
    "httpErrors.431", "httpErrors.500", "httpErrors.503", "httpErrors.other"};

/// Calls `visit(path, figure)` for each figure of a ThreadStats, in a fixed order. The paths are
/// those of `io.engine.stats()` in JavaScript: "sessions.websocket.v4".
template <class Stats, class Visit>
void each(Stats& of, Visit visit) {
  visit("connections.open", of.connections.open);
  visit("connections.accepted", of.connections.accepted);
  visit("connections.turnedAway", of.connections.turnedAway);
  visit("connections.takenOver", of.connections.takenOver);
  visit("connections.bridged", of.connections.bridged);
  visit("connections.tlsHandshakes", of.connections.tlsHandshakes);
  visit("connections.tlsFailures", of.connections.tlsFailures);
  visit("sessions.polling.v3", of.sessions.polling.v3);
  visit("sessions.polling.v4", of.sessions.polling.v4);
  visit("sessions.websocket.v3", of.sessions.webSocket.v3);
  visit("sessions.websocket.v4", of.sessions.webSocket.v4);
  visit("sessions.webtransport.v3", of.sessions.webTransport.v3);
  visit("sessions.webtransport.v4", of.sessions.webTransport.v4);
  visit("handshakes.polling.v3", of.handshakes.polling.v3);
  visit("handshakes.polling.v4", of.handshakes.polling.v4);
  visit("handshakes.websocket.v3", of.handshakes.webSocket.v3);
  visit("handshakes.websocket.v4", of.handshakes.webSocket.v4);
  visit("handshakes.webtransport.v3", of.handshakes.webTransport.v3);
  visit("handshakes.webtransport.v4", of.handshakes.webTransport.v4);
  visit("upgrades.websocket", of.upgrades.webSocket);
  visit("upgrades.webtransport", of.upgrades.webTransport);
  visit("upgrades.abandoned", of.upgrades.abandoned);
  visit("refusals.unknownTransport", of.refusals.unknownTransport);
  visit("refusals.unknownSid", of.refusals.unknownSid);
  visit("refusals.badHandshakeMethod", of.refusals.badHandshakeMethod);
  visit("refusals.badRequest", of.refusals.badRequest);
  visit("refusals.forbidden", of.refusals.forbidden);
  visit("refusals.unsupportedProtocolVersion", of.refusals.unsupportedProtocolVersion);
  visit("limited.maxClients", of.limited.maxClients);
  visit("limited.maxClientsPerAddress", of.limited.maxClientsPerAddress);
  visit("limited.maxHandshakesPerSecond", of.limited.maxHandshakesPerSecond);
  visit("limited.draining", of.limited.draining);
  visit("limited.maxMessagesPerSecond", of.limited.maxMessagesPerSecond);
  visit("limited.maxBytesPerSecond", of.limited.maxBytesPerSecond);
  visit("limited.maxConnectionsPerAddress", of.limited.maxConnectionsPerAddress);
  for (std::size_t i = 0; i < kHttpErrors.size(); ++i) {
    visit(kHttpErrors[i], of.httpErrors.counts[i]);
  }
  visit("closed.transportClose", of.closed.transportClose);
  visit("closed.transportError", of.closed.transportError);
  visit("closed.pingTimeout", of.closed.pingTimeout);
  visit("closed.parseError", of.closed.parseError);
  visit("closed.forcedClose", of.closed.forcedClose);
  visit("cut.sendQueue", of.cut.sendQueue);
  visit("cut.totalSendQueue", of.cut.totalSendQueue);
  visit("cut.sendTimeout", of.cut.sendTimeout);
  visit("cut.pings", of.cut.pings);
  visit("cut.messageSize", of.cut.messageSize);
  visit("cut.rate", of.cut.rate);
  visit("messages.in", of.messages.in);
  visit("messages.out", of.messages.out);
  visit("bytes.in", of.bytes.in);
  visit("bytes.out", of.bytes.out);
  visit("sendQueueBytes", of.sendQueueBytes);
  visit("inboxBytes", of.inboxBytes);
  visit("heldPostBytes", of.heldPostBytes);
  visit("droppedMessages", of.droppedMessages);
  visit("heartbeats", of.heartbeats);
  for (std::size_t i = 0; i < kBuckets.size(); ++i) visit(kBuckets[i], of.roundTrips.buckets[i]);
  visit("roundTrips.microseconds", of.roundTrips.microseconds);
  visit("driving.byHost", of.driving.byHost);
  visit("driving.handOvers", of.driving.handOvers);
  visit("driving.turns", of.driving.turns);
  visit("driving.hostTurns", of.driving.hostTurns);
}

}  // namespace beastio::stats
