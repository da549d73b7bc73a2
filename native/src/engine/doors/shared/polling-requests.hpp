// Requests of the polling transport on their way to a session: handshakes, polls and posts of both
// doors. Knows which session each poll waits for. Runs on: the I/O thread. Owner: its Doors.
// Bound: one poll a session.
#pragma once

#include <memory>
#include <unordered_map>

#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/entrance.hpp"
#include "engine/registry/session-table.hpp"
#include "session/channel.hpp"
#include "session/request-rules.hpp"
#include "transport/loop/environment.hpp"

namespace beastio::engine {

/// Which session a polling request waits for, so that the end of its client finds it.
using Polls = std::unordered_map<RequestId, SessionId>;

/// A request that a session may keep waiting. Forgets itself in the list of polls.
class PollingExchange : public session::HttpExchange {
 public:
  PollingExchange(Polls& polls, RequestId id) : polls_(polls), id_(id) {}
  ~PollingExchange() override { polls_.erase(id_); }
  PollingExchange(const PollingExchange&) = delete;
  PollingExchange& operator=(const PollingExchange&) = delete;

  RequestId id() const override { return id_; }

 private:
  Polls& polls_;
  RequestId id_;
};

class PollingRequests {
 public:
  PollingRequests(transport::Environment& environment, SessionTable& sessions, Admission& admission)
      : environment_(environment), sessions_(sessions), admission_(admission) {}

  /// For the exchanges that are made of requests.
  Polls& polls() { return polls_; }
  /// Serves a request that was verified.
  void serve(const Request& request, const session::Accepted& accepted, const Entrance& entrance,
             std::unique_ptr<session::HttpExchange> exchange);
  /// The client of a request went away before the answer.
  void abort(RequestId id);

 private:
  void handshake(const session::Accepted& accepted, const Entrance& entrance,
                 std::unique_ptr<session::HttpExchange> exchange);

  transport::Environment& environment_;
  SessionTable& sessions_;
  Admission& admission_;
  Polls polls_;
};

}  // namespace beastio::engine
