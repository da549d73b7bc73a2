// Listener: accepted descriptors, unusable addresses, and a process without free descriptors.
#include "transport/loop/listener.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "beastio/address.hpp"
#include "support/descriptors.hpp"
#include "support/peer.hpp"
#include "support/run-ready.hpp"
#include "transport/loop/peer-address.hpp"

using namespace beastio;
using namespace beastio::test;
using namespace beastio::transport;
using namespace std::chrono_literals;

namespace {

struct Rig {
  Environment environment;
  std::vector<int> accepted;
  std::vector<PeerName> peers;
  std::error_code error;

  ~Rig() {
    for (const int fd : accepted) ::close(fd);
  }
  std::shared_ptr<Listener> listener() {
    return std::make_shared<Listener>(environment, [this](int fd, const PeerName& peer) {
      accepted.push_back(fd);
      peers.push_back(peer);
    });
  }
  /// Runs all that is ready, but no more than `limit` handlers. Returns how many.
  int turn(int limit = 1000) { return runReady(environment, limit); }
  /// Runs until so many were accepted, with a deadline.
  bool awaitAccepted(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (accepted.size() < count && std::chrono::steady_clock::now() < deadline) {
      environment.reactor.wait(environment.timers.next().value_or(deadline));
      environment.forgetNow();
      environment.timers.run(environment.now());
      turn();
    }
    return accepted.size() >= count;
  }
};

/// Client sockets made while there are descriptors, connected when there are none.
std::vector<Peer> makePeers(int count) {
  std::vector<Peer> peers;
  for (int i = 0; i < count; ++i) {
    peers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }
  return peers;
}

void connect(Peer& peer, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(peer.descriptor(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

}  // namespace

TEST_CASE("Listener hands over descriptors that no child process inherits", "[listener]") {
  const auto before = openDescriptors();
  Rig rig;
  const auto listener = rig.listener();
  const auto port = listener->bind({.host = "127.0.0.1"}, rig.error);
  REQUIRE(port);
  CHECK(port->port > 0);
  listener->start();
  const auto first = Peer::connected(port->port);
  const auto second = Peer::connected(port->port);
  REQUIRE(rig.awaitAccepted(2));
  for (const int fd : rig.accepted) CHECK(::fcntl(fd, F_GETFL) & O_NONBLOCK);
  for (const int fd : openDescriptors()) {
    if (before.contains(fd) || ::fcntl(fd, F_GETFD) == -1) continue;
    CAPTURE(fd);
    CHECK(::fcntl(fd, F_GETFD) & FD_CLOEXEC);
  }
  listener->close();
  rig.turn();
  CHECK_THROWS(Peer::connected(port->port));
}

TEST_CASE("Listener tells who connects, and small writes are not held back", "[listener]") {
  const std::string host = GENERATE("127.0.0.1", "::", "::1");
  CAPTURE(host);
  Rig rig;
  const auto listener = rig.listener();
  const auto bound = listener->bind({.host = host, .port = 0}, rig.error);
  REQUIRE(bound);
  listener->start();
  sockaddr_in6 address{};
  socklen_t length = sizeof address;
  Peer peer(::socket(host == "::1" ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (host == "::1") {
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(bound->port);
    address.sin6_addr = in6addr_loopback;
    REQUIRE(::connect(peer.descriptor(), reinterpret_cast<sockaddr*>(&address), length) == 0);
  } else {
    connect(peer, bound->port);
  }
  REQUIRE(rig.awaitAccepted(1));
  const auto told = endpointOf(rig.peers.at(0));
  const auto asked = peerOf(rig.accepted.at(0));
  CHECK(told.address == asked.address);
  CHECK(told.port == asked.port);
  CHECK(told.port == localOf(peer.descriptor()).port);
  CHECK(told.address == (host == "::" ? "::ffff:127.0.0.1" : host));
  int noDelay = 0;
  socklen_t size = sizeof noDelay;
  ::getsockopt(rig.accepted.at(0), IPPROTO_TCP, TCP_NODELAY, &noDelay, &size);
  CHECK(noDelay == 1);
  listener->close();
}

TEST_CASE("Listener tells why it cannot listen", "[listener]") {
  Rig rig;
  const auto first = rig.listener();
  const auto port = first->bind({.host = "127.0.0.1"}, rig.error);
  REQUIRE(port);
  CHECK_FALSE(rig.error);
  CHECK_FALSE(rig.listener()->bind({.host = "127.0.0.1", .port = port->port}, rig.error));
  CHECK(rig.error == std::errc::address_in_use);
  CHECK_FALSE(rig.listener()->bind({.host = "localhost"}, rig.error));
  CHECK(rig.error == std::errc::invalid_argument);
}

TEST_CASE("Out of descriptors, Listener turns clients away and recovers", "[listener]") {
  Rig rig;
  const auto listener = rig.listener();
  const auto port = listener->bind({.host = "127.0.0.1"}, rig.error);
  REQUIRE(port);
  listener->start();
  auto peers = makePeers(6);
  {
    const NoDescriptors none;
    for (int i = 0; i < 5; ++i) connect(peers[static_cast<std::size_t>(i)], port->port);
    CHECK(rig.turn() <= 10);  // it does not spin
    CHECK(rig.accepted.empty());
    for (int i = 0; i < 5; ++i) {
      auto& peer = peers[static_cast<std::size_t>(i)];
      CHECK(peer.readAll().empty());
      CHECK(peer.ended());
    }
  }
  connect(peers[5], port->port);
  CHECK(rig.awaitAccepted(1));
  listener->close();
  rig.turn();
}

TEST_CASE("Without even a spare descriptor, Listener backs off", "[listener]") {
  Rig rig;
  auto peers = makePeers(2);
  std::shared_ptr<Listener> listener;
  std::optional<Endpoint> port;
  {
    NoDescriptors none;
    listener = rig.listener();  // finds no spare
    none.free(1);
    port = listener->bind({.host = "127.0.0.1"}, rig.error);
    REQUIRE(port);
    listener->start();
    connect(peers[0], port->port);
    connect(peers[1], port->port);
    CHECK(rig.turn() <= 2);  // one failed accept, then silence
  }
  CHECK(rig.awaitAccepted(2));
  listener->close();
  rig.turn();
}

TEST_CASE("A Listener that is closed while it backs off stays closed", "[listener]") {
  Rig rig;
  rig.listener();
  auto peers = makePeers(1);
  {
    NoDescriptors none;
    const auto listener = rig.listener();
    none.free(1);
    const auto port = listener->bind({.host = "127.0.0.1"}, rig.error);
    REQUIRE(port);
    listener->start();
    connect(peers[0], port->port);
    rig.turn();
    listener->close();
  }
  rig.turn();
  CHECK_FALSE(rig.environment.timers.next());
  CHECK(peers[0].readAll().empty());
  CHECK(peers[0].ended());
}
