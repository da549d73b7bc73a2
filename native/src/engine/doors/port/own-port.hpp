// The engine's own port: its HTTP connections ask here what becomes of their requests, which go
// elsewhere, or into what both doors share. Runs on: the I/O thread. Owner: its Doors.
#pragma once

#include <utility>

#include "engine/doors/port/departures.hpp"
#include "engine/doors/port/open-posts.hpp"
#include "engine/doors/port/port-connections.hpp"
#include "engine/doors/port/web-requests.hpp"
#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/connection-table.hpp"
#include "engine/doors/shared/polling-requests.hpp"
#include "engine/doors/shared/port.hpp"
#include "engine/registry/session-table.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/loop/environment.hpp"

namespace beastio {
class EngineHandler;
struct CorsOptions;
}  // namespace beastio

namespace beastio::engine {

class OwnPort final : public transport::HttpRouter {
 public:
  /// What the doors of a thread share.
  struct Shared {
    Admission& admission;
    PollingRequests& polling;
    ConnectionTable& connections;
  };

  OwnPort(unsigned thread, transport::Environment& environment, SessionTable& sessions,
          EngineHandler& handler, Port& port, const Shared& shared, Departures departures)
      : environment_(environment),
        sessions_(sessions),
        port_(port),
        shared_(shared),
        departures_(std::move(departures)),
        posts_(sessions),
        connections_(environment, *this, handler, shared.admission, port),
        web_(thread, environment, connections_) {}

  PortConnections& connections() { return connections_; }
  WebRequests& web() { return web_; }
  /// Ends a connection whose body was for a session that is over. See Session::post.
  void dropPost(RequestId connection);

 private:
  // HttpRouter
  bool onRequestLine(transport::HttpConnection& connection,
                     const transport::RequestLineParts& line) override;
  bool keepsAlive() const override { return !port_.isClosed(); }
  void onHeader(transport::HttpConnection& connection,
                const transport::HttpRequest& request) override;
  void onBodyGivenUp(transport::HttpConnection& connection, bool isTooLong) override;
  void onRequest(transport::HttpConnection& connection,
                 const transport::HttpRequest& request) override;
  void onUpgrade(transport::HttpConnection& connection,
                 const transport::HttpRequest& request) override;
  void onGone(transport::HttpConnection& connection) override;

  bool isServed(const Request& request) const;
  const CorsOptions* corsOf(const transport::HttpRequest& request) const;
  bool answerPreflight(transport::HttpConnection& connection,
                       const transport::HttpRequest& request) const;
  bool beginPost(RequestId connection, const session::Accepted& accepted);
  void refuse(transport::HttpConnection& connection, const session::Refusal& refusal,
              const transport::HttpRequest& request, session::HttpExchange& exchange);

  transport::Environment& environment_;
  SessionTable& sessions_;
  Port& port_;
  Shared shared_;
  Departures departures_;
  OpenPosts posts_;
  PortConnections connections_;  // ask the others until they are gone
  WebRequests web_;
};

}  // namespace beastio::engine
