#include "transport/loop/socket-address.hpp"

#include <charconv>
#include <cstring>
#include <system_error>

namespace beastio::transport {
namespace {

// The number of an interface; 0: there is none.
std::uint32_t scopeOf(const std::string& zone) {
  const auto named = ::if_nametoindex(zone.c_str());
  if (named != 0) return named;
  std::uint32_t number = 0;
  const auto* const end = zone.data() + zone.size();
  const auto [rest, error] = std::from_chars(zone.data(), end, number);
  return error == std::errc() && rest == end ? number : 0;
}

template <typename Name>
SocketAddress addressFrom(const Name& name) {
  SocketAddress result{.length = sizeof name};
  std::memcpy(&result.name, &name, sizeof name);
  return result;
}

}  // namespace

std::optional<SocketAddress> socketAddressOf(const std::string& host, std::uint16_t port) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &ipv4.sin_addr) == 1) return addressFrom(ipv4);

  const auto percent = host.find('%');
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(port);
  if (::inet_pton(AF_INET6, host.substr(0, percent).c_str(), &ipv6.sin6_addr) != 1) {
    return std::nullopt;
  }
  if (percent != std::string::npos) {
    ipv6.sin6_scope_id = scopeOf(host.substr(percent + 1));
    if (ipv6.sin6_scope_id == 0) return std::nullopt;
  }
  return addressFrom(ipv6);
}

}  // namespace beastio::transport
