// The address that a socket is to be bound to, as the system takes it. Runs on: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/network.hpp"

namespace beastio::transport {

struct SocketAddress {
  sockaddr_storage name{};
  socklen_t length = 0;
};

/// Reads "127.0.0.1", "::1", or "fe80::1%eth0" with the name or the number of an interface.
std::optional<SocketAddress> socketAddressOf(const std::string& host, std::uint16_t port);

}  // namespace beastio::transport
