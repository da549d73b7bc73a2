#include "engine/doors/attached-door.hpp"

#include <memory>
#include <utility>

#include "beastio/host/attached.hpp"
#include "beastio/host/handler.hpp"
#include "beastio/host/reply.hpp"
#include "transport/stream/bridge-stream.hpp"
#include "transport/stream/tcp-stream.hpp"

namespace beastio::engine {
namespace {

/// The host's HTTP server writes the answer.
class AttachedExchange final : public PollingExchange {
 public:
  AttachedExchange(Polls& polls, transport::Environment& environment, EngineHandler& handler,
                   RequestId id)
      : PollingExchange(polls, id), environment_(environment), handler_(handler) {}

  void respond(const Reply& reply) override {
    environment_.counters.bytesOut.add(reply.body.size());
    handler_.onReply(id(), reply);
  }

 private:
  transport::Environment& environment_;
  EngineHandler& handler_;
};

Entrance entranceOf(const AttachedRequest& request) {
  return {.request = request.id,
          .sid = request.sid,
          .route = request.route,
          .isVerified = request.isVerified};
}

}  // namespace

void AttachedDoor::request(const AttachedRequest& request) {
  environment_.bytesRead += request.body.size();
  environment_.counters.bytesIn.add(request.body.size());
  auto exchange =
      std::make_unique<AttachedExchange>(polling_.polls(), environment_, handler_, request.id);
  const auto entrance = entranceOf(request);
  const auto verdict = admission_.verify(request);
  if (verdict.refusal) return admission_.refuse(*verdict.refusal, entrance, *exchange);
  if (request.verifyOnly) {
    if (verdict.accepted.sid.empty()) {
      const auto refusal = admission_.knock(entrance);
      if (refusal) return admission_.refuse(*refusal, entrance, *exchange);
    }
    return handler_.onVerified(request.id);
  }
  polling_.serve(request, verdict.accepted, entrance, std::move(exchange));
}

void AttachedDoor::upgrade(AttachedUpgrade upgrade) {
  const auto& request = upgrade.request;
  std::shared_ptr<transport::ByteStream> stream;
  if (upgrade.descriptor >= 0) {
    environment_.counters.takenOver.add();
    stream = transport::TcpStream::fromDescriptor(environment_, upgrade.descriptor,
                                                  transport::TcpStream::From::kHost);
  } else {
    environment_.counters.bridged.add();
    stream = streams_.bridge(request.id);
  }
  connections_.acceptWebSocket(request, entranceOf(request), upgrade.headerLines, std::move(stream),
                               std::move(upgrade.head));
}

void AttachedDoor::webTransport(AttachedStream stream) {
  environment_.bytesRead += stream.head.size();
  environment_.counters.bridged.add();
  connections_.acceptWebTransport({.request = stream.id}, stream.sid, streams_.bridge(stream.id),
                                  std::move(stream.head));
}

}  // namespace beastio::engine
