#include "engine/doors/shared/polling-requests.hpp"

#include <utility>

#include "beastio/host/request.hpp"
#include "beastio/names.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {

using ExchangePtr = std::unique_ptr<session::HttpExchange>;

void PollingRequests::serve(const Request& request, const session::Accepted& accepted,
                            const Entrance& entrance, ExchangePtr exchange) {
  if (accepted.sid.empty()) return handshake(accepted, entrance, std::move(exchange));
  const auto now = environment_.now();
  auto& session = sessions_.find(accepted.sid)->session;
  // A request that should have been an upgrade is never answered by engine.io, and harms nobody.
  if (!session.isPolling()) return;
  if (request.method == "GET") {
    polls_.emplace(exchange->id(), session.id());
    session.onPoll(std::move(exchange));
  } else if (request.method == "POST") {
    session.onPost(std::move(exchange), request.contentType, request.body, now);
  } else {
    session.onOtherMethod(std::move(exchange));
  }
}

void PollingRequests::handshake(const session::Accepted& accepted, const Entrance& entrance,
                                ExchangePtr exchange) {
  if (const auto refusal = session::verifyProtocol(accepted, *environment_.settings)) {
    return admission_.refuse(*refusal, entrance, *exchange);
  }
  auto seat = admission_.takeSeat(entrance);
  if (seat.refusal) return admission_.refuse(*seat.refusal, entrance, *exchange);
  Client* client =
      admission_.open(entrance, accepted.dialect, TransportName::kPolling, std::move(seat.visit));
  if (client == nullptr) {
    const session::Refusal refusal{RequestError::kBadRequest, "ID_GENERATION_ERROR", {}};
    return admission_.refuse(refusal, entrance, *exchange);
  }
  client->session.openOverPolling(std::move(exchange), environment_.now());
}

void PollingRequests::abort(RequestId id) {
  const auto poll = polls_.find(id);
  if (poll == polls_.end()) return;
  if (Client* client = sessions_.find(poll->second)) client->session.onAborted(id);
}

}  // namespace beastio::engine
