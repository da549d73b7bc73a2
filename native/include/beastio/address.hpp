// Addresses: where an engine listens, and where its clients are.
#pragma once

#include <cstdint>
#include <string>

namespace beastio {

/// One end of a connection.
struct Endpoint {
  /// "127.0.0.1", "::1", "::ffff:127.0.0.1"; empty: unknown, or a unix socket.
  std::string address;
  std::uint16_t port = 0;  ///< of an IP address
};

/// Where to listen, and how.
struct ListenOptions {
  std::string host = "::";  ///< an IP address, with "%eth0" behind a link-local one; no name
  std::uint16_t port = 0;   ///< 0: any free port
  int backlog = 511;        ///< connections that may wait to be accepted
  bool ipv6Only = false;    ///< not IPv4 as well on an IPv6 address
  bool reusePort = false;   ///< several processes may share the port (SO_REUSEPORT)
  /// A unix socket at that path instead, at most 107 bytes; a first byte of 0: an abstract name.
  /// A file that is there already is std::errc::address_in_use, whoever has left it. The engine
  /// removes its own when it stops listening.
  std::string unixPath{};
};

}  // namespace beastio
