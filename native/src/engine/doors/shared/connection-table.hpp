// The connections of one I/O thread that carry sessions: WebSockets of both doors, and WebTransport
// streams. A connection comes with its request, finds or opens its session, and is kept until it is
// gone. Runs on: the I/O thread. Owner: its Doors.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/entrance.hpp"
#include "engine/doors/shared/host-streams.hpp"
#include "engine/doors/shared/port.hpp"
#include "engine/registry/session-table.hpp"
#include "transport/channel/connection.hpp"
#include "transport/loop/environment.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio {
class EngineHandler;
}

namespace beastio::engine {

class ConnectionTable final : public transport::ConnectionHost {
 public:
  ConnectionTable(transport::Environment& environment, SessionTable& sessions, Admission& admission,
                  HostStreams& streams, EngineHandler& handler, Port& port)
      : environment_(environment),
        sessions_(sessions),
        admission_(admission),
        streams_(streams),
        handler_(handler),
        port_(port) {}
  ~ConnectionTable();
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  /// Answers the opening handshake of a WebSocket on `stream`, and serves it. `headerLines`: of
  /// the answer. `head`: bytes that were read past the request.
  void acceptWebSocket(const Request& request, const Entrance& entrance,
                       std::string_view headerLines, std::shared_ptr<transport::ByteStream> stream,
                       std::string head);
  /// Serves a WebTransport stream. `sid`: the session that it takes over; empty: a new one. `head`:
  /// bytes that were read past its first packet.
  void acceptWebTransport(const Entrance& entrance, std::string_view sid,
                          std::shared_ptr<transport::ByteStream> stream, std::string head);
  /// Ends the connection of that request as if its client had gone.
  void cutOff(RequestId request);
  /// The same with all of them.
  void cutOffAll();
  std::size_t size() const { return connections_.size(); }

 private:
  struct Entry {
    std::shared_ptr<transport::Connection> connection;
    RequestId request = 0;
    bool isOwn = false;  // of the own port
  };

  // ConnectionHost
  void onGone(transport::Connection& connection) override;

  session::Session* sessionFor(transport::Connection& connection, std::string_view sid,
                               const Entrance& entrance, Visitors::Visit visit);

  transport::Environment& environment_;
  SessionTable& sessions_;
  Admission& admission_;
  HostStreams& streams_;
  EngineHandler& handler_;
  Port& port_;
  std::unordered_map<transport::Connection*, Entry> connections_;
};

}  // namespace beastio::engine
