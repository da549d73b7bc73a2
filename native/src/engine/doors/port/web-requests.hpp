// Requests of the own port that are not Engine.IO's: the program's handlers are asked, one after
// the other, and their answers become HTTP. Runs on: the I/O thread. Owner: its OwnPort. Bound: one
// request a connection.
#pragma once

#include <memory>
#include <vector>

#include "transport/loop/environment.hpp"

namespace beastio {
class WebHandler;
struct WebAnswer;
struct WebRequest;
struct WebRequestId;
enum class Answering : std::uint8_t;
}  // namespace beastio

namespace beastio::transport {
class HttpConnection;
struct HttpRequest;
}  // namespace beastio::transport

namespace beastio::engine {

class PortConnections;

using WebHandlers = std::vector<std::shared_ptr<WebHandler>>;

class WebRequests {
 public:
  WebRequests(unsigned thread, transport::Environment& environment, PortConnections& connections)
      : thread_(thread), environment_(environment), connections_(connections) {}

  /// See Engine::setWebHandlers.
  void setHandlers(std::shared_ptr<const WebHandlers> handlers) { handlers_ = std::move(handlers); }
  /// Whether somebody may want the body of a request.
  bool isAnyHandler() const { return handlers_ && !handlers_->empty(); }
  /// Answers a request, or has it wait for `respond`.
  void ask(transport::HttpConnection& connection, const transport::HttpRequest& request);
  /// See Engine::respond.
  void respond(const WebRequestId& id, WebAnswer answer);

 private:
  void send(transport::HttpConnection& connection, WebAnswer answer);

  unsigned thread_;
  transport::Environment& environment_;
  PortConnections& connections_;
  std::shared_ptr<const WebHandlers> handlers_;
};

}  // namespace beastio::engine
