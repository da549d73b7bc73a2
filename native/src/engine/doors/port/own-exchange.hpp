// A polling request of the own port that waits for its answer. It turns the reply into HTTP, with
// the cookie of a new session, and compressed if the client takes that. Runs on: the I/O thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/doors/shared/polling-requests.hpp"
#include "protocol/http/http-compression.hpp"

namespace beastio {
struct Reply;
}

namespace beastio::transport {
class HttpConnection;
struct PortSettings;
struct Settings;
}  // namespace beastio::transport

namespace beastio::engine {

class OwnExchange final : public PollingExchange {
 public:
  OwnExchange(Polls& polls, transport::HttpConnection& connection, std::string_view acceptEncoding,
              std::shared_ptr<const transport::Settings> settings);

  void respond(const Reply& reply) override;

 private:
  const transport::PortSettings& port() const;
  std::string cookieOf(std::string_view sid) const;

  std::weak_ptr<transport::HttpConnection> connection_;
  std::shared_ptr<const transport::Settings> settings_;
  protocol::ContentCoding coding_;
};

}  // namespace beastio::engine
