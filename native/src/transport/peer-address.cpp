#include "transport/peer-address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>

namespace beastio::transport {
namespace {

std::string text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const char* result = ::inet_ntop(family, address, buffer.data(), buffer.size());
  return result == nullptr ? std::string() : std::string(result);
}

Endpoint endpointOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
    return {text(AF_INET, &ipv4.sin_addr), ntohs(ipv4.sin_port)};
  }
  if (address.ss_family != AF_INET6) return {};
  const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
  Endpoint result{text(AF_INET6, &ipv6.sin6_addr), ntohs(ipv6.sin6_port)};
  std::array<char, IF_NAMESIZE> name{};
  if (IN6_IS_ADDR_LINKLOCAL(&ipv6.sin6_addr) && ipv6.sin6_scope_id > 0 &&
      ::if_indextoname(ipv6.sin6_scope_id, name.data()) != nullptr) {
    result.address.append("%").append(name.data());
  }
  return result;
}

using Ask = int (*)(int, sockaddr*, socklen_t*);

Endpoint ask(Ask which, int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (which(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return endpointOf(address);
}

}  // namespace

Endpoint peerOf(int descriptor) { return ask(&::getpeername, descriptor); }

Endpoint localOf(int descriptor) { return ask(&::getsockname, descriptor); }

}  // namespace beastio::transport
