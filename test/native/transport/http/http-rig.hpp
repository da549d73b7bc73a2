// An HttpConnection on one end of a socket pair, with a router that writes down what it is asked.
// The test is the peer and drives both ends.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/address.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/options.hpp"
#include "engine/settings.hpp"
#include "support/peer.hpp"
#include "support/run-ready.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/http/http-request.hpp"
#include "transport/http/request-line.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/tcp-stream.hpp"

namespace beastio::transport::test {

using namespace std::chrono_literals;
using beastio::test::Peer;

/// An answer without its Date, which changes.
inline std::string undated(std::string answer) {
  constexpr std::string_view kName = "Date: ";
  for (auto at = answer.find(kName); at != std::string::npos; at = answer.find(kName, at)) {
    answer.erase(at, answer.find("\r\n", at) + 2 - at);
  }
  return answer;
}

struct HttpRig final : HttpRouter {
  explicit HttpRig(EngineOptions options = {}) {
    environment.settings = engine::settingsOf(options);
  }
  ~HttpRig() {
    if (connection) connection->destroy();
    turn();
  }
  HttpRig(const HttpRig&) = delete;
  HttpRig& operator=(const HttpRig&) = delete;

  /// Begins, with bytes that another thread has read before.
  void start(std::string_view bytes = {}) {
    connection = std::make_shared<HttpConnection>(
        environment, *this,
        TcpStream::fromDescriptor(environment, ends.second, TcpStream::From::kHost), RequestId{1});
    connection->start(bytes);
  }
  /// Runs all that is ready.
  void turn() {
    beastio::test::runReady(environment);
    environment.emptyGraveyard();
  }
  /// What the peer gets for `bytes`, without the dates.
  std::string exchange(std::string_view bytes) {
    peer.send(bytes);
    turn();
    return undated(peer.available());
  }
  /// Calls the timers as if that time had passed since the last look at the clock.
  void pass(std::chrono::milliseconds time) {
    environment.timers.run(environment.now() + time);
    turn();
  }

  // HttpRouter
  bool keepsAlive() const override { return true; }
  bool onRequestLine(HttpConnection& which, const RequestLineParts& line) override {
    headers.emplace_back(line.target);
    return !takeAway || !takeAway(which);
  }
  void onHeader(HttpConnection& which, const HttpRequest& request) override {
    announced.push_back(request.method + " " + request.target);
    if (refuses) which.respond({.status = 400});
  }
  void onBodyGivenUp(HttpConnection&, bool isTooLong) override {
    announced.emplace_back(isTooLong ? "too long" : "given up");
  }
  void onRequest(HttpConnection& which, const HttpRequest& request) override {
    requests.push_back(request.method + " " + request.target + " " + request.body);
    last = request;
    if (answers) which.respond({.type = ContentType::kText, .body = "answer"});
  }
  void onUpgrade(HttpConnection& which, const HttpRequest& request) override {
    requests.push_back("UPGRADE " + request.target);
    last = request;
    if (takesStream) {
      stream = which.takeStream(head);
    } else {
      which.respondRaw("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    }
  }
  void onGone(HttpConnection&) override {
    gone = true;
    environment.bury(std::exchange(connection, nullptr));
  }

  Environment environment;
  std::pair<Peer, int> ends = Peer::pair();
  Peer& peer = ends.first;
  std::shared_ptr<HttpConnection> connection;
  std::vector<std::string> headers;
  std::vector<std::string> requests;
  HttpRequest last;
  std::vector<std::string> announced;
  bool refuses = false;
  bool answers = true;
  bool takesStream = true;
  bool gone = false;
  std::function<bool(HttpConnection&)> takeAway;
  std::shared_ptr<ByteStream> stream;
  std::string head;
};

inline std::string get(std::string_view target, std::string_view lines = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(lines) + "\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

/// A chunked POST; `rest` is everything behind the header.
inline std::string chunked(std::string_view rest) {
  return "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(rest);
}

}  // namespace beastio::transport::test
