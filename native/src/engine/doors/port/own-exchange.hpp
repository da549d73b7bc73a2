// A polling request of the own port that waits for its answer. It turns the reply into HTTP, with
// the cookie of a new session, and compressed if the client takes that. Runs on: the I/O thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/doors/shared/polling-requests.hpp"
#include "protocol/http/http-compression.hpp"
#include "transport/http/http-connection.hpp"

namespace beastio {
struct EngineOptions;
struct PortOptions;
struct Reply;
}  // namespace beastio

namespace beastio::engine {

class OwnExchange final : public PollingExchange {
 public:
  OwnExchange(Polls& polls, transport::HttpConnection& connection,
              const transport::HttpRequest& request, std::shared_ptr<const EngineOptions> options);

  void respond(const Reply& reply) override;

 private:
  const PortOptions& port() const;
  std::string cookieOf(std::string_view sid) const;

  std::weak_ptr<transport::HttpConnection> connection_;
  std::shared_ptr<const EngineOptions> options_;
  protocol::ContentCoding coding_;
};

}  // namespace beastio::engine
