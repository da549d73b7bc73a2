// The addresses that limits count by: what texts mean, and who is believed on the way.
#include "transport/loop/client-address.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace beastio::transport;

namespace {

std::string read(std::string_view text) {
  const auto address = addressBytesOf(text);
  return address ? textOf(*address) : "none";
}

TrustedProxies trusting(std::initializer_list<std::string_view> texts) {
  TrustedProxies proxies;
  for (const auto text : texts) REQUIRE(proxies.add(text));
  return proxies;
}

std::string clientText(std::string_view route, const TrustedProxies& proxies = {}) {
  const auto client = clientOf(route, proxies);
  return client ? textOf(*client) : "none";
}

}  // namespace

TEST_CASE("Addresses are read as texts have them", "[limits]") {
  CHECK(read("192.0.2.1") == "::ffff:192.0.2.1");
  CHECK(read("::ffff:192.0.2.1") == "::ffff:192.0.2.1");
  CHECK(read("::1") == "::1");
  CHECK(read("fe80::1%eth0") == "fe80::1");
  for (const auto* const text : {"", "localhost", "192.0.2", "192.0.2.256", "::1::", "1", "%"}) {
    CHECK(read(text) == "none");
  }
}

TEST_CASE("A prefix of IPv6 is one address, IPv4 counts whole", "[limits]") {
  const auto prefix = [](std::string_view text, unsigned bits) {
    return textOf(prefixOf(*addressBytesOf(text), bits));
  };
  CHECK(prefix("2001:db8:1:2:3:4:5:6", 64) == "2001:db8:1:2::");
  CHECK(prefix("2001:db8:1:2:3:4:5:6", 128) == "2001:db8:1:2:3:4:5:6");
  CHECK(prefix("2001:db8:1:2ff::", 57) == "2001:db8:1:280::");
  CHECK(prefix("ffff::", 1) == "8000::");
  CHECK(prefix("192.0.2.1", 1) == "::ffff:192.0.2.1");
}

TEST_CASE("Proxies are addresses, ranges or names, and nothing else", "[limits]") {
  const auto trusts = [](std::string_view range, std::string_view address) {
    return trusting({range}).trusts(*addressBytesOf(address));
  };
  CHECK(trusts("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(trusts("10.0.0.0/8", "11.0.0.0"));
  CHECK(trusts("192.0.2.1", "192.0.2.1"));
  CHECK_FALSE(trusts("192.0.2.1", "192.0.2.2"));
  CHECK(trusts("0.0.0.0/0", "192.0.2.1"));
  CHECK_FALSE(trusts("0.0.0.0/0", "::1"));
  CHECK(trusts("::/0", "192.0.2.1"));
  CHECK(trusts("fd00::/8", "fdff::1"));
  CHECK(trusts("loopback", "127.1.2.3"));
  CHECK(trusts("loopback", "::1"));
  CHECK(trusts("linklocal", "fe80::1"));
  CHECK(trusts("uniquelocal", "172.31.0.1"));
  CHECK_FALSE(trusts("uniquelocal", "172.32.0.1"));
  for (const auto* const text : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                                 "::1/129", "everybody", "10.0.0.0/8/8"}) {
    CHECK_FALSE(TrustedProxies().add(text));
  }
}

TEST_CASE("Whom a request is from is told by those who are trusted", "[limits]") {
  const auto proxies = trusting({"10.0.0.0/8", "loopback"});
  CHECK(clientText("192.0.2.1") == "::ffff:192.0.2.1");
  CHECK(clientText("203.0.113.9,192.0.2.1", proxies) == "::ffff:192.0.2.1");
  CHECK(clientText("203.0.113.9,10.0.0.1") == "::ffff:10.0.0.1");
  CHECK(clientText("203.0.113.9,10.0.0.1", proxies) == "::ffff:203.0.113.9");
  CHECK(clientText("6.6.6.6, 203.0.113.9 ,10.0.0.2,127.0.0.1", proxies) == "::ffff:203.0.113.9");
  CHECK(clientText("10.0.0.3,10.0.0.2", proxies) == "::ffff:10.0.0.3");
  CHECK(clientText("203.0.113.9:4321,10.0.0.1", proxies) == "::ffff:203.0.113.9");
  CHECK(clientText("[2001:db8::1]:80,10.0.0.1", proxies) == "2001:db8::1");
  // A unix socket is a proxy if there are any.
  CHECK(clientText("203.0.113.9,", proxies) == "::ffff:203.0.113.9");
  CHECK(clientText("203.0.113.9,") == "none");
  CHECK(clientText("", proxies) == "none");
  // What is no address ends the way, at the last that was one.
  CHECK(clientText("203.0.113.9,unknown,10.0.0.1", proxies) == "::ffff:10.0.0.1");
  CHECK(clientText("[,10.0.0.1", proxies) == "::ffff:10.0.0.1");
  CHECK(clientText(std::string(100'000, ',') + "10.0.0.1", proxies) == "::ffff:10.0.0.1");
}
