#include "engine/stats.hpp"

#include <initializer_list>

#include "base/counters.hpp"
#include "beastio/host/stats.hpp"

namespace beastio {
namespace {

static_assert(RoundTripStats::kBounds == base::RoundTrips::kBounds);
static_assert(StatusStats::kStatuses == base::StatusCounters::kStatuses);

// Reads the counters of an enum, in its order.
template <class Counters>
void read(const Counters& counters, std::initializer_list<std::uint64_t*> figures) {
  std::size_t i = 0;
  for (auto* figure : figures) *figure = counters[i++].read();
}

template <class Counters, std::size_t Count>
void read(const Counters& counters, std::array<std::uint64_t, Count>& figures) {
  for (std::size_t i = 0; i < Count; ++i) figures[i] = counters[i].read();
}

// By TransportName, and by protocol.
void read(const base::SessionCounters& counters, SessionCounts& counts) {
  int transport = 0;
  for (auto* protocols : {&counts.polling, &counts.webSocket, &counts.webTransport}) {
    protocols->v3 = counters.at(transport, 3).read();
    protocols->v4 = counters.at(transport, 4).read();
    ++transport;
  }
}

}  // namespace

ThreadStats engine::statsOf(const base::ThreadCounters& counters) {
  ThreadStats stats{
      .connections = {.open = counters.open.read(),
                      .accepted = counters.accepted.read(),
                      .turnedAway = counters.turnedAway.read(),
                      .takenOver = counters.takenOver.read(),
                      .bridged = counters.bridged.read(),
                      .tlsHandshakes = counters.tlsHandshakes.read(),
                      .tlsFailures = counters.tlsFailures.read()},
      .messages = {.in = counters.messagesIn.read(), .out = counters.messagesOut.read()},
      .bytes = {.in = counters.bytesIn.read(), .out = counters.bytesOut.read()},
      .sendQueueBytes = counters.waiting.read(),
      .heldPostBytes = counters.heldPosts.read(),
      .droppedMessages = counters.dropped.read(),
      .heartbeats = counters.heartbeats.read(),
      .driving = {.handOvers = counters.handOvers.read(),
                  .turns = counters.turns.read(),
                  .hostTurns = counters.hostTurns.read()}};
  read(counters.sessions, stats.sessions);
  read(counters.handshakes, stats.handshakes);
  std::uint64_t toPolling = 0;  // there is no such upgrade
  auto& upgrades = stats.upgrades;
  read(counters.upgrades, {&toPolling, &upgrades.webSocket, &upgrades.webTransport});
  upgrades.abandoned = counters.abandonedUpgrades.read();
  auto& refusals = stats.refusals;
  read(counters.refusals,
       {&refusals.unknownTransport, &refusals.unknownSid, &refusals.badHandshakeMethod,
        &refusals.badRequest, &refusals.forbidden, &refusals.unsupportedProtocolVersion});
  auto& limited = stats.limited;
  read(counters.limited,
       {&limited.maxClients, &limited.maxClientsPerAddress, &limited.maxHandshakesPerSecond,
        &limited.draining, &limited.maxMessagesPerSecond, &limited.maxBytesPerSecond,
        &limited.maxConnectionsPerAddress});
  read(counters.statuses, stats.httpErrors.counts);
  auto& closed = stats.closed;
  read(counters.closes, {&closed.transportClose, &closed.transportError, &closed.pingTimeout,
                         &closed.parseError, &closed.forcedClose});
  auto& cut = stats.cut;
  read(counters.cuts, {&cut.sendQueue, &cut.totalSendQueue, &cut.sendTimeout, &cut.pings,
                       &cut.messageSize, &cut.rate});
  read(counters.roundTrips, stats.roundTrips.buckets);
  stats.roundTrips.microseconds = counters.roundTrips.microseconds.read();
  return stats;
}

ThreadStats EngineStats::sum() const {
  ThreadStats sum;
  for (const auto& thread : threads) {
    std::vector<std::uint64_t> figures;
    stats::each(thread,
                [&figures](const char*, std::uint64_t figure) { figures.push_back(figure); });
    auto next = figures.cbegin();
    stats::each(sum, [&next](const char*, std::uint64_t& figure) { figure += *next++; });
  }
  return sum;
}

}  // namespace beastio
