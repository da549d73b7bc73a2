#include "transport/loop/peer-address.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "beastio/address.hpp"

namespace beastio::transport {
namespace {

// inet_ntop() formats with sprintf(), at the price of everything else that it takes to be asked.
std::string ipv4Text(const std::uint8_t* bytes) {
  constexpr std::size_t kMaxDigits = 3;
  std::array<char, 4 * (kMaxDigits + 1)> text;
  char* end = text.data();
  for (std::size_t i = 0; i < 4; ++i) {
    end = std::to_chars(end, end + kMaxDigits, unsigned{bytes[i]}).ptr;
    *end++ = '.';
  }
  return {text.data(), end - 1};
}

}  // namespace

std::string textOf(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) return "::ffff:" + ipv4Text(address.s6_addr + 12);
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const char* result = ::inet_ntop(AF_INET6, &address, buffer.data(), buffer.size());
  return result == nullptr ? std::string() : std::string(result);
}

Endpoint endpointOf(const PeerName& name) {
  if (name.sin6_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(name);
    return {ipv4Text(reinterpret_cast<const std::uint8_t*>(&ipv4.sin_addr)), ntohs(ipv4.sin_port)};
  }
  if (name.sin6_family != AF_INET6) return {};
  Endpoint result{textOf(name.sin6_addr), ntohs(name.sin6_port)};
  std::array<char, IF_NAMESIZE> label{};
  if (IN6_IS_ADDR_LINKLOCAL(&name.sin6_addr) && name.sin6_scope_id > 0 &&
      ::if_indextoname(name.sin6_scope_id, label.data()) != nullptr) {
    result.address.append("%").append(label.data());
  }
  return result;
}

namespace {

using Ask = int (*)(int, sockaddr*, socklen_t*);

std::optional<PeerName> ask(Ask which, int descriptor) {
  PeerName name{};
  socklen_t length = sizeof name;  // the longer name of a unix socket is cut short
  if (which(descriptor, reinterpret_cast<sockaddr*>(&name), &length) != 0) return std::nullopt;
  return name;
}

Endpoint endpointOf(const std::optional<PeerName>& name) {
  return name ? transport::endpointOf(*name) : Endpoint{};
}

}  // namespace

std::optional<PeerName> peerNameOf(int descriptor) { return ask(&::getpeername, descriptor); }

Endpoint peerOf(int descriptor) { return endpointOf(peerNameOf(descriptor)); }

Endpoint localOf(int descriptor) { return endpointOf(ask(&::getsockname, descriptor)); }

}  // namespace beastio::transport
