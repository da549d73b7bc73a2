#include "transport/loop/socket-address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <catch2/catch.hpp>

using beastio::transport::SocketAddress;
using beastio::transport::socketAddressOf;

namespace {

const sockaddr_in6& ipv6Of(const SocketAddress& address) {
  return reinterpret_cast<const sockaddr_in6&>(address.name);
}

std::string textOf(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = &ipv6Of(address).sin6_addr;
  if (address.name.ss_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in&>(address.name).sin_addr;
  }
  return ::inet_ntop(address.name.ss_family, bytes, text.data(), text.size());
}

}  // namespace

TEST_CASE("Addresses of both families are read", "[socket-address]") {
  const std::string host = GENERATE("127.0.0.1", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1");
  CAPTURE(host);
  const auto address = socketAddressOf(host, 0x1234);
  REQUIRE(address);
  const bool isV6 = host.find(':') != std::string::npos;
  CHECK(address->name.ss_family == (isV6 ? AF_INET6 : AF_INET));
  CHECK(address->length == (isV6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)));
  CHECK(textOf(*address) == host);
  CHECK(ntohs(ipv6Of(*address).sin6_port) == 0x1234);  // it stands at the same place in both
  if (isV6) CHECK(ipv6Of(*address).sin6_scope_id == 0);
}

TEST_CASE("An interface is named or numbered", "[socket-address]") {
  const auto loopback = ::if_nametoindex("lo");
  REQUIRE(loopback > 0);
  for (const auto& zone : {std::string("lo"), std::to_string(loopback)}) {
    CAPTURE(zone);
    const auto address = socketAddressOf("fe80::1%" + zone, 80);
    REQUIRE(address);
    CHECK(ipv6Of(*address).sin6_scope_id == loopback);
    CHECK(textOf(*address) == "fe80::1");
  }
}

TEST_CASE("What is no address is not guessed at", "[socket-address]") {
  const std::string host =
      GENERATE("", "localhost", "127.1", "1.2.3.4.5", "0x7f.0.0.1", "127.0.0.1%lo", ":::1", "[::1]",
               "fe80::1%", "fe80::1%no-such-interface", "fe80::1%0", "fe80::1%1x");
  CAPTURE(host);
  CHECK_FALSE(socketAddressOf(host, 80));
}
