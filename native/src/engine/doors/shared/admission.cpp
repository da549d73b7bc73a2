#include "engine/doors/shared/admission.hpp"

#include <memory>
#include <optional>

#include "beastio/host/handler.hpp"
#include "beastio/host/reply.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {

session::Verdict Admission::verify(const Request& request) const {
  return session::verify(
      request, *environment_.settings,
      [this](std::string_view sid) -> std::optional<session::KnownSession> {
        const Client* client = sessions_.find(sid);
        if (client == nullptr) return std::nullopt;
        return session::KnownSession{client->session.transport(), client->session.protocol()};
      });
}

Client* Admission::open(const Entrance& entrance, const session::Dialect& dialect,
                        TransportName transport) {
  const auto& sid = entrance.sid;
  const auto id = sessions_.reserve();
  if (id == SessionId{} || (!sid.empty() && sessions_.find(sid) != nullptr)) return nullptr;
  auto& client = sessions_.add(std::make_unique<Client>(
      environment_.timers, host_, id, sid.empty() ? newSid() : std::string(sid), dialect));
  handler_.onOpen({.id = id,
                   .sid = client.session.sid(),
                   .request = entrance.request,
                   .transport = transport,
                   .protocol = dialect.protocol,
                   .own = entrance.own});
  opened_ = opened_ || entrance.own == nullptr;
  return &client;
}

std::string Admission::newSid() {
  for (;;) {
    auto sid = sids_.next();
    if (sessions_.find(sid) == nullptr) return sid;
  }
}

void Admission::report(const session::Refusal& refusal, const Entrance& entrance) {
  if (entrance.own != nullptr && !environment_.settings->port.reportRefusals) return;
  handler_.onRefused({.request = entrance.request,
                      .error = refusal.error,
                      .message = toString(refusal.error),
                      .contextName = refusal.contextName,
                      .contextValue = refusal.contextValue,
                      .own = entrance.own});
}

void Admission::refuse(const session::Refusal& refusal, const Entrance& entrance,
                       session::HttpExchange& exchange) {
  report(refusal, entrance);
  const auto body = session::refusalBody(refusal.error, toString(refusal.error));
  exchange.respond({.status = session::refusalStatus(refusal.error),
                    .type = ContentType::kJson,
                    .chunked = true,
                    .body = body});
}

}  // namespace beastio::engine
