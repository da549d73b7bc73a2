// Requests for other paths: who is asked, and how answers of now and of later leave. Also what a
// handler gets wrong.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "beastio/web.hpp"
#include "engine/engine-rig.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;

namespace {

/// Answers with a function of the test.
class Handler final : public WebHandler {
 public:
  using Function = std::function<Answering(const WebRequest& request, WebAnswer& answer)>;

  explicit Handler(Function function) : function_(std::move(function)) {}
  Answering onWebRequest(const WebRequest& request, WebAnswer& answer) override {
    return function_(request, answer);
  }

 private:
  Function function_;
};

std::shared_ptr<const std::string> bodyWith(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

/// An engine with handlers, in their order.
struct WebRig : EngineRig {
  explicit WebRig(const std::vector<Handler::Function>& functions, EngineOptions options = {})
      : EngineRig(options) {
    std::vector<std::shared_ptr<WebHandler>> handlers;
    for (const auto& function : functions) handlers.push_back(std::make_shared<Handler>(function));
    engine->setWebHandlers(std::move(handlers));
    listen();
  }
};

std::string get(const std::string& path, const std::string& method = "GET",
                const std::string& lines = {}) {
  return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n";
}

Answering answerHello(const WebRequest&, WebAnswer& answer) {
  answer.headers = {{"Content-Type", "text/plain"}};
  answer.body = bodyWith("hello");
  return Answering::kNow;
}

}  // namespace

TEST_CASE("A handler is told of a request, and its answer becomes HTTP", "[own-port][web]") {
  std::string told;
  WebRig rig({[&told](const WebRequest& request, WebAnswer& answer) {
    told.append(request.method).append(" ").append(request.target).append(" ");
    told.append(request.path).append(" ").append(request.body).append(" ");
    told.append(request.peer.address);
    CHECK(request.header.ends_with("\r\n\r\n"));
    CHECK(request.tls == nullptr);
    answer.status = 201;
    return answerHello(request, answer);
  }});
  auto peer = rig.connect(get("/a%20b?x=1", "POST", "Content-Length: 4\r\n") + "body");
  const auto answer = peer.readResponse();
  CHECK(told == "POST /a%20b?x=1 /a%20b body 127.0.0.1");
  CHECK(
      answer.starts_with("HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\n"
                         "Content-Length: 5\r\nDate: "));
  CHECK(answer.ends_with("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nhello"));
}

TEST_CASE("Handlers are asked in their order, and the last word is 404", "[own-port][web]") {
  const auto on = [](std::string path, int status) {
    return [path, status](const WebRequest& request, WebAnswer& answer) {
      answer.headers = {{"X-Asked", path}};  // which a handler that passes may have left
      if (request.path != path) return Answering::kNotMine;
      answer = {.status = status};
      return Answering::kNow;
    };
  };
  WebRig rig({on("/a", 201), on("/b", 202), on("/a", 203)});
  auto peer = rig.connect(get("/b") + get("/a") + get("/c"));
  CHECK(peer.readResponse().starts_with("HTTP/1.1 202 "));
  CHECK(peer.readResponse().starts_with("HTTP/1.1 201 "));
  const auto last = peer.readResponse();
  CHECK(last.starts_with("HTTP/1.1 404 "));
  CHECK(last.find("X-Asked") == std::string::npos);
  rig.engine->setWebHandlers({});
  peer.send(get("/a"));
  CHECK(peer.readResponse().starts_with("HTTP/1.1 404 "));
}

TEST_CASE("HEAD, 204 and 304 have no body", "[own-port][web]") {
  WebRig rig({[](const WebRequest& request, WebAnswer& answer) {
    answerHello(request, answer);
    if (request.path != "/") answer.status = std::stoi(std::string(request.path.substr(1)));
    return Answering::kNow;
  }});
  auto peer = rig.connect(get("/", "HEAD") + get("/204") + get("/304") + get("/"));
  CHECK(peer.readThrough("\r\n\r\n").find("Content-Length: 5\r\n") != std::string::npos);
  const auto noContent = peer.readThrough("\r\n\r\n");
  CHECK(noContent.starts_with("HTTP/1.1 204 No Content\r\nContent-Type: text/plain\r\nDate: "));
  const auto notModified = peer.readThrough("\r\n\r\n");
  CHECK(notModified.starts_with("HTTP/1.1 304 Not Modified\r\n"));
  CHECK(notModified.find("Content-Length") == std::string::npos);
  CHECK(peer.readResponse().ends_with("\r\n\r\nhello"));
}

TEST_CASE("HTTP/1.0 and a closed port end the connection behind the answer", "[own-port][web]") {
  WebRig rig({answerHello});
  const bool isOld = GENERATE(true, false);
  auto peer = rig.connect();
  rig.openPolling(peer);
  if (!isOld) rig.engine->closePort();
  peer.send(isOld ? "GET / HTTP/1.0\r\n\r\n" : get("/"));
  const auto answer = peer.readAll();
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(answer.ends_with("hello"));
  CHECK(peer.ended());
}

TEST_CASE("An answer comes later, from any thread, and only once", "[own-port][web]") {
  std::mutex mutex;
  std::vector<WebRequestId> ids;
  WebRig rig({[&](const WebRequest& request, WebAnswer&) {
               const std::lock_guard lock(mutex);
               ids.push_back(request.id);
               return Answering::kLater;
             }},
             withThreads(2));
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return ids.size();
  };
  auto peer = rig.connect(get("/one") + get("/two"));
  while (count() < 1) std::this_thread::yield();
  rig.engine->respond(ids[0], {.body = bodyWith("first")});
  CHECK(peer.readResponse().ends_with("first"));
  while (count() < 2) std::this_thread::yield();
  rig.engine->respond(ids[0], {.body = bodyWith("late")});
  rig.engine->respond({.thread = 9}, {});
  rig.engine->respond({.thread = 1, .connection = 12345}, {});
  rig.engine->respond(ids[1], {.body = bodyWith("second")});
  CHECK(peer.readResponse().ends_with("second"));
  peer.send(get("/three"));
  while (count() < 3) std::this_thread::yield();
  peer.close();
  rig.engine->respond(ids[2], {.body = bodyWith("nobody reads")});
  auto other = rig.connect(get("/four"));
  while (count() < 4) std::this_thread::yield();
  rig.engine->respond(ids[3], {.body = bodyWith("fourth")});
  CHECK(other.readResponse().ends_with("fourth"));
}

TEST_CASE("What HTTP does not allow is answered with 500", "[own-port][web]") {
  const auto answer = GENERATE(values<WebAnswer>({
      {.status = 99},
      {.status = 101},
      {.status = 600},
      {.headers = {{"X", "a\r\nSet-Cookie: evil=1"}}},
      {.headers = {{"X: a\r\nY", "b"}}},
      {.headers = {{"", "b"}}},
      {.headers = {{"X Y", "b"}}},
  }));
  WebRig rig({[&](const WebRequest&, WebAnswer& out) {
    out = answer;
    return Answering::kNow;
  }});
  auto peer = rig.connect(get("/"));
  const auto text = peer.readResponse();
  CHECK(text.starts_with("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nDate: "));
}

TEST_CASE("What the engine writes itself is not written twice", "[own-port][web]") {
  WebRig rig({[](const WebRequest&, WebAnswer& answer) {
    answer.headers = {{"content-length", "9999"},
                      {"Connection", "close"},
                      {"Transfer-Encoding", "chunked"},
                      {"X-Own", "1"}};
    answer.body = bodyWith("hello");
    return Answering::kNow;
  }});
  auto peer = rig.connect(get("/") + get("/"));
  for (int i = 0; i < 2; ++i) {
    const auto text = peer.readResponse();
    CHECK(text.starts_with("HTTP/1.1 200 OK\r\nX-Own: 1\r\nContent-Length: 5\r\nDate: "));
    CHECK(text.ends_with("hello"));
  }
}

TEST_CASE("A handler that throws is survived", "[own-port][web]") {
  WebRig rig({[](const WebRequest& request, WebAnswer& answer) -> Answering {
    if (request.path == "/bad") throw std::runtime_error("of the handler");
    return answerHello(request, answer);
  }});
  auto peer = rig.connect(get("/bad") + get("/good"));
  CHECK(peer.readResponse().starts_with("HTTP/1.1 500 "));
  CHECK(peer.readResponse().ends_with("hello"));
}

TEST_CASE("A body is bounded, whatever the method", "[own-port][web]") {
  WebRig rig({[](const WebRequest& request, WebAnswer& answer) {
    answer.body = bodyWith(std::to_string(request.body.size()));
    return Answering::kNow;
  }});
  const auto send = [&rig](const std::string& method, std::size_t length) {
    auto peer = rig.connect(get("/", method, "Content-Length: " + std::to_string(length) + "\r\n"));
    peer.send(std::string(length, 'x'));
    return peer.readResponse();
  };
  CHECK(send("POST", 1'000'000).ends_with("1000000"));
  CHECK(send("POST", 1'000'001).starts_with("HTTP/1.1 413 "));
  CHECK(send("PUT", 16'384).ends_with("16384"));
}

TEST_CASE("A large body is shared by answers, and waits for slow clients", "[own-port][web]") {
  const auto large = bodyWith(std::string(8'000'000, 'l'));
  WebRig rig({[&large](const WebRequest& request, WebAnswer& answer) {
    answer.body = request.path == "/shared" ? large : bodyWith(*large);
    return Answering::kNow;
  }});
  auto slow = rig.connect(get("/shared") + get("/own") + get("/shared", "HEAD"));
  auto other = rig.connect(get("/shared"));
  CHECK(other.readResponse().size() > large->size());
  CHECK(slow.readResponse().ends_with(std::string(1000, 'l')));
  CHECK(slow.readResponse().ends_with(std::string(1000, 'l')));
  CHECK(slow.readThrough("\r\n\r\n").find("Content-Length: 8000000\r\n") != std::string::npos);
  rig.engine.reset();
  CHECK(large.use_count() == 1);
}

TEST_CASE("A body that only one client needs counts as its backlog", "[own-port][web]") {
  EngineOptions options;
  options.maxTotalSendQueueBytes = 4'000'000;
  const auto large = bodyWith(std::string(16'000'000, 'l'));
  WebRig rig({[&large](const WebRequest& request, WebAnswer& answer) {
               answer.body = request.path == "/shared" ? large : bodyWith(*large);
               return Answering::kNow;
             }},
             options);
  auto shared = rig.connect(get("/shared"));
  CHECK(shared.readResponse().size() > large->size());
  auto own = rig.connect(get("/own"));
  CHECK(own.readAll().size() < large->size());
  CHECK(own.ended());
}

TEST_CASE("Sessions and pages share a connection", "[own-port][web]") {
  WebRig rig({answerHello}, withThreads(2));
  auto peer = rig.connect();
  for (int i = 0; i < 4; ++i) {
    const auto sid = rig.openPolling(peer);
    CHECK(sid.size() == 20);
    peer.send(get("/"));
    CHECK(peer.readResponse().ends_with("hello"));
    peer.send(postOf(sid, "4x"));
    CHECK(bodyOf(peer.readResponse()) == "ok");
  }
}
