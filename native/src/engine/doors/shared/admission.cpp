#include "engine/doors/shared/admission.hpp"

#include <limits>
#include <memory>
#include <utility>

#include "beastio/host/handler.hpp"
#include "beastio/host/limits.hpp"
#include "beastio/host/reply.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {
namespace {

constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();

std::size_t orNone(std::size_t limit) { return limit == 0 ? kNoLimit : limit; }

}  // namespace

Admission::Admission(transport::Environment& environment, session::SessionHost& host,
                     SessionTable& sessions, EngineHandler& handler, Visitors& visitors,
                     SidSource sids)
    : environment_(environment),
      host_(host),
      sessions_(sessions),
      handler_(handler),
      visitors_(visitors),
      notes_(environment.timers,
             [&handler](const LimitNotice& notice) { handler.onLimit(notice); }),
      sids_(std::move(sids)) {}

session::Verdict Admission::verify(const Request& request) const {
  return session::verify(
      request, *environment_.settings,
      [this](std::string_view sid) -> std::optional<session::KnownSession> {
        const Client* client = sessions_.find(sid);
        if (client == nullptr) return std::nullopt;
        return session::KnownSession{client->session.transport(), client->session.protocol()};
      });
}

// The address that a request is from, as far as it counts. None if no limit asks for it.
Admission::OptionalAddress Admission::addressOf(const Entrance& entrance) const {
  const auto& limits = environment_.settings->admission;
  if (!limits.countsAddresses()) return std::nullopt;
  const auto client = transport::clientOf(entrance.route, *limits.proxies);
  if (!client) return std::nullopt;
  return transport::prefixOf(*client, limits.ipv6PrefixBits);
}

// Counts the handshake, unless its request has been asked about before.
bool Admission::isTooFast(const Entrance& entrance, const OptionalAddress& address) {
  const auto perSecond = environment_.settings->admission.maxHandshakesPerSecond;
  return perSecond > 0 && address && !entrance.isVerified &&
         !visitors_.knock(*address, perSecond, environment_.now());
}

std::optional<Visitors::Line> Admission::connect(const std::optional<transport::PeerName>& peer) {
  const auto& limits = environment_.settings->admission;
  const auto address = peer ? transport::addressBytesOf(*peer) : std::nullopt;
  if (!address || limits.proxies->trusts(*address)) return Visitors::Line();
  const auto prefix = transport::prefixOf(*address, limits.ipv6PrefixBits);
  auto line = visitors_.connect(prefix, limits.maxConnectionsPerAddress);
  if (line != nullptr) return line;
  note(Limit::kMaxConnectionsPerAddress, transport::textOf(prefix));
  return std::nullopt;
}

std::optional<session::Refusal> Admission::knock(const Entrance& entrance) {
  const auto& limits = environment_.settings->admission;
  const auto address = addressOf(entrance);
  if (limits.isDraining) return turnAway(Limit::kDraining, address);
  if (isTooFast(entrance, address)) return turnAway(Limit::kMaxHandshakesPerSecond, address);
  if (visitors_.size() >= orNone(limits.maxClients)) return turnAway(Limit::kMaxClients, address);
  if (address && visitors_.sizeOf(*address) >= orNone(limits.maxClientsPerAddress)) {
    return turnAway(Limit::kMaxClientsPerAddress, address);
  }
  return std::nullopt;
}

Admission::Seat Admission::takeSeat(const Entrance& entrance) {
  const auto& limits = environment_.settings->admission;
  const auto most = orNone(limits.maxClients);
  const auto address = addressOf(entrance);
  if (limits.isDraining) return {.refusal = turnAway(Limit::kDraining, address)};
  if (isTooFast(entrance, address)) {
    return {.refusal = turnAway(Limit::kMaxHandshakesPerSecond, address)};
  }
  auto visit = address ? visitors_.enter(most, *address, orNone(limits.maxClientsPerAddress))
                       : visitors_.enter(most);
  if (visit != nullptr) return {.visit = std::move(visit)};
  const bool isFull = visitors_.size() >= most;
  const auto limit = isFull ? Limit::kMaxClients : Limit::kMaxClientsPerAddress;
  return {.refusal = turnAway(limit, address)};
}

session::Refusal Admission::turnAway(Limit limit, const OptionalAddress& address) {
  note(limit, address ? transport::textOf(*address) : std::string());
  return session::refusalBy(limit);
}

void Admission::note(Limit limit, std::string address, std::string sid) {
  environment_.counters.limited[limit].add();
  notes_.note(limit, std::move(address), std::move(sid), environment_.now());
}

Client* Admission::open(const Entrance& entrance, const session::Dialect& dialect,
                        TransportName transport, Visitors::Visit visit) {
  const auto& sid = entrance.sid;
  const auto id = sessions_.reserve();
  if (id == SessionId{} || (!sid.empty() && sessions_.find(sid) != nullptr)) return nullptr;
  auto& client = sessions_.add(std::make_unique<Client>(
      environment_.timers, host_, id, sid.empty() ? newSid() : std::string(sid), dialect));
  client.visit = std::move(visit);
  handler_.onOpen({.id = id,
                   .sid = client.session.sid(),
                   .request = entrance.request,
                   .transport = transport,
                   .protocol = dialect.protocol,
                   .own = entrance.own});
  opened_ = opened_ || entrance.own == nullptr;
  auto& counters = environment_.counters;
  counters.sessions.at(transport, dialect.protocol).add();
  counters.handshakes.at(transport, dialect.protocol).add();
  if (!environment_.settings->initialPacket.empty()) counters.messagesOut.add();
  return &client;
}

std::string Admission::newSid() {
  for (;;) {
    auto sid = sids_.next();
    if (sessions_.find(sid) == nullptr) return sid;
  }
}

void Admission::report(const session::Refusal& refusal, const Entrance& entrance) {
  if (!refusal.limit) environment_.counters.refusals[refusal.error].add();
  const bool isWanted = environment_.settings->port.reportRefusals && !refusal.limit;
  if (entrance.own != nullptr && !isWanted) return;
  handler_.onRefused({.request = entrance.request,
                      .error = refusal.error,
                      .message = session::messageOf(refusal),
                      .contextName = refusal.contextName,
                      .contextValue = refusal.contextValue,
                      .own = entrance.own});
}

void Admission::refuse(const session::Refusal& refusal, const Entrance& entrance,
                       session::HttpExchange& exchange) {
  report(refusal, entrance);
  const auto body = session::refusalBody(refusal.error, session::messageOf(refusal));
  exchange.respond({.status = session::refusalStatus(refusal),
                    .type = ContentType::kJson,
                    .chunked = true,
                    .body = body});
}

}  // namespace beastio::engine
