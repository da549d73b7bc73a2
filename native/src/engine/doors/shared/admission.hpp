// Who gets in: requests of both doors are verified here, and open sessions or are refused.
// Runs on: the I/O thread that it belongs to. Owner: its Doors.
#pragma once

#include <string>
#include <utility>

#include "engine/doors/shared/entrance.hpp"
#include "engine/registry/session-table.hpp"
#include "engine/registry/sids.hpp"
#include "session/request-rules.hpp"
#include "session/session.hpp"
#include "transport/loop/environment.hpp"

namespace beastio {
class EngineHandler;
struct Request;
}  // namespace beastio

namespace beastio::engine {

class Admission {
 public:
  /// `host`: of the sessions that are opened.
  Admission(transport::Environment& environment, session::SessionHost& host, SessionTable& sessions,
            EngineHandler& handler, SidSource sids)
      : environment_(environment),
        host_(host),
        sessions_(sessions),
        handler_(handler),
        sids_(std::move(sids)) {}

  /// Engine.IO's checks, but for the protocol of a new session.
  session::Verdict verify(const Request& request) const;
  /// A new session. The handler is told of it. Null if its sid is taken, or there is no room.
  Client* open(const Entrance& entrance, const session::Dialect& dialect, TransportName transport);
  /// Tells the handler of a refusal, if it wants to hear of it.
  void report(const session::Refusal& refusal, const Entrance& entrance);
  /// Tells of a refusal, and answers the request with it.
  void refuse(const session::Refusal& refusal, const Entrance& entrance,
              session::HttpExchange& exchange);
  /// Whether a session of a request that the host has read was opened since the last call.
  bool takeOpened() { return std::exchange(opened_, false); }

 private:
  std::string newSid();

  transport::Environment& environment_;
  session::SessionHost& host_;
  SessionTable& sessions_;
  EngineHandler& handler_;
  SidSource sids_;
  bool opened_ = false;  // see takeOpened
};

}  // namespace beastio::engine
