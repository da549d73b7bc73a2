#include "engine/doors/port/departures.hpp"

#include "beastio/address.hpp"
#include "beastio/options.hpp"
#include "engine/registry/sids.hpp"
#include "protocol/text/query-string.hpp"
#include "session/request-rules.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {

bool isServed(std::string_view target, const transport::Settings& settings) {
  const auto path = protocol::splitTarget(target).first;
  const auto& served = settings.path;
  return path.starts_with(served) &&
         (path.size() == served.size() || path.substr(served.size()) == "/");
}

bool Departures::send(transport::HttpConnection& connection, std::string_view target,
                      const transport::Settings& settings) {
  const bool isOurs = isServed(target, settings);
  const auto leftToHost = settings.port.leftToHost;
  if (leftToHost == LeftToHost::kEverything || (leftToHost == LeftToHost::kOtherPaths && !isOurs)) {
    leaveToHost(connection);
    return true;
  }
  if (!isOurs || threads_ == 1) return false;
  const auto sid = session::sidOf(target);
  const auto owner = sid.empty() ? thread_ : threadOf(sid, threads_);
  if (owner == thread_) return false;
  port_.add(1);
  std::string bytes;
  auto carrier = connection.release(bytes);
  handOver_(owner, std::move(carrier), std::move(bytes));
  return true;
}

void Departures::leaveToHost(transport::HttpConnection& connection) {
  port_.add(1);
  std::string bytes;
  if (connection.tls() != nullptr) {
    auto peer = connection.peer();
    auto stream = connection.takeStream(bytes);
    return streams_.leave(std::move(stream), std::move(peer), bytes);
  }
  auto carrier = connection.release(bytes);
  streams_.leave(std::move(carrier), bytes);
}

}  // namespace beastio::engine
