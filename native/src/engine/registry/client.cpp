#include "engine/registry/client.hpp"

#include <algorithm>
#include <utility>

#include "beastio/host/audience.hpp"

namespace beastio::engine {

Client::Client(session::TimerQueue& queue, session::SessionHost& host, SessionId id,
               std::string sid, session::Dialect dialect)
    : TimerClient(queue), session(host, id, std::move(sid), std::move(dialect)) {}

Client::~Client() = default;

void Client::skipUpTo(const Place& place) {
  if (!had) had = std::make_unique<std::vector<Place>>();
  std::erase_if(*had, [&](const Place& other) { return other.series == place.series; });
  had->push_back(place);
}

bool Client::covers(const Place& place) const {
  return std::any_of(had->begin(), had->end(), [&](const Place& last) {
    return last.series == place.series && last.number >= place.number;
  });
}

}  // namespace beastio::engine
