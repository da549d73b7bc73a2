// What the addon of the tests keeps of a server, and whom it lets in.
#pragma once

#include <atomic>
#include <beastio/native.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using beastio::native::Host;
using beastio::socketio::Inbox;
using beastio::socketio::Namespace;
using beastio::socketio::Next;
using beastio::socketio::Socket;
using beastio::socketio::SocketRef;

/// What is kept of a server.
struct Served {
  explicit Served(const Host& theHost) : host(theHost) {}

  Host host;
  Inbox inbox;
  std::map<std::string, Namespace*> namespaces;  // that were opened
  std::map<std::string, SocketRef> sockets;
  std::thread drainer;
  std::atomic<bool> isOver = false;
  std::atomic<int> connections = 0;
  std::atomic<bool> isHolding = false;    // whoever wants to enter waits
  std::atomic<bool> isWelcoming = false;  // or may, without a token
  std::vector<Next> held;
  std::vector<std::string> ends;
  std::mutex mutex;

  ~Served() { stop(); }
  void stop() {
    isOver = true;
    if (drainer.joinable()) drainer.join();
  }
};

std::shared_ptr<Served> served;

void fail([[maybe_unused]] const std::string& text) {
#if defined(__cpp_exceptions)
  throw std::runtime_error(text);
#endif
}

/// Lets clients into a namespace by the token that they give.
void guard(Namespace& nsp, const Host& host) {
  nsp.use([host](Socket& socket, const Next& next) {
    if (served->isWelcoming) return next();
    if (served->isHolding) {
      const std::lock_guard lock(served->mutex);
      return served->held.push_back(next);
    }
    auto auth = socket.handshake().authAs<std::map<std::string, std::string>>();
    const auto token = auth ? (*auth)["token"] : std::string();
    if (token == "good") return next();
    if (token == "soon") {
      host.after(std::chrono::milliseconds{5}, [next] { next(); });
    } else if (token == "from another thread") {
      std::thread([next] { next(); }).join();
    } else if (token == "failing") {
      fail("on purpose");
    } else if (token != "forgotten") {
      next({.message = "not you", .dataJson = R"({"code":7})"});
    }
  });
  nsp.use([](Socket& socket, const Next& next) {
    if (socket.isConnected()) return next({.message = "what is this?"});
    socket.data<int>() = 41;
    beastio::native::setAttribute(socket, "auth", std::string(socket.handshake().auth()));
    next();
  });
}

}  // namespace
