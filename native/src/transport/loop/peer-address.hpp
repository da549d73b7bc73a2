// Who is at the other end of a socket, written as Node writes it. Runs on: any thread.
#pragma once

#include <optional>
#include <string>

#include "platform/network.hpp"

namespace beastio {
struct Endpoint;
}

namespace beastio::transport {

/// What the system calls the client of an IP socket, of either family.
using PeerName = sockaddr_in6;

Endpoint endpointOf(const PeerName& name);
/// As Node writes it: "127.0.0.1" is "::ffff:127.0.0.1".
std::string textOf(const in6_addr& address);
/// The client of a socket; none if it is not connected any more.
std::optional<PeerName> peerNameOf(int descriptor);
/// Empty for a socket that has no IP address, or is not connected any more.
Endpoint peerOf(int descriptor);
/// The address that a socket is bound to.
Endpoint localOf(int descriptor);

}  // namespace beastio::transport
