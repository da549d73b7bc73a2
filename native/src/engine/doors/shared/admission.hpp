// Who gets in: requests of both doors are verified here and held against the limits. They open
// sessions or are refused.
// Runs on: the I/O thread that it belongs to. Owner: its Doors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/doors/shared/entrance.hpp"
#include "engine/doors/shared/limit-notes.hpp"
#include "engine/registry/session-table.hpp"
#include "engine/registry/sids.hpp"
#include "engine/registry/visitors.hpp"
#include "session/request-rules.hpp"
#include "session/session.hpp"
#include "transport/loop/client-address.hpp"
#include "transport/loop/environment.hpp"

namespace beastio {
class EngineHandler;
struct Request;
enum class Limit : std::uint8_t;
}  // namespace beastio

namespace beastio::engine {

class Admission {
 public:
  /// `host`: of the sessions that are opened.
  Admission(transport::Environment& environment, session::SessionHost& host, SessionTable& sessions,
            EngineHandler& handler, Visitors& visitors, SidSource sids);

  /// Engine.IO's checks, but for the protocol of a new session.
  session::Verdict verify(const Request& request) const;
  /// What a connection counts as while it is there. None if its address has too many: the handler
  /// is told of it. `peer`: its client, if that is known.
  std::optional<Visitors::Line> connect(const std::optional<transport::PeerName>& peer);
  /// What limits say of a request that may become a session. Counts its handshake.
  std::optional<session::Refusal> knock(const Entrance& entrance);
  /// A place for the session that a request is to open.
  struct Seat {
    Visitors::Visit visit{};
    std::optional<session::Refusal> refusal{};  ///< by a limit: there is no place
  };
  /// Counts its handshake too, unless it has knocked before.
  Seat takeSeat(const Entrance& entrance);
  /// A new session. The handler is told of it. Null if its sid is taken, or there is no room.
  Client* open(const Entrance& entrance, const session::Dialect& dialect, TransportName transport,
               Visitors::Visit visit);
  /// Tells the handler of a refusal, if it wants to hear of it; of limits only now and then.
  void report(const session::Refusal& refusal, const Entrance& entrance);
  /// Tells of a refusal, and answers the request with it.
  void refuse(const session::Refusal& refusal, const Entrance& entrance,
              session::HttpExchange& exchange);
  /// Counts that a client has met a limit, and tells the handler of it now or soon. `address` or
  /// `sid`: of that client.
  void note(Limit limit, std::string address, std::string sid = {});
  /// Whether a session of a request that the host has read was opened since the last call.
  bool takeOpened() { return std::exchange(opened_, false); }

 private:
  using OptionalAddress = std::optional<transport::AddressBytes>;

  OptionalAddress addressOf(const Entrance& entrance) const;
  bool isTooFast(const Entrance& entrance, const OptionalAddress& address);
  session::Refusal turnAway(Limit limit, const OptionalAddress& address);
  std::string newSid();

  transport::Environment& environment_;
  session::SessionHost& host_;
  SessionTable& sessions_;
  EngineHandler& handler_;
  Visitors& visitors_;
  LimitNotes notes_;
  SidSource sids_;
  bool opened_ = false;  // see takeOpened
};

}  // namespace beastio::engine
