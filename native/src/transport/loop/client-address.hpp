// Whom a request is from, behind proxies: what limits per address count by. Runs on: any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transport/loop/peer-address.hpp"

namespace beastio::transport {

/// An IPv6 address, or an IPv4 one as IPv6 maps it (RFC 4291).
using AddressBytes = std::array<std::uint8_t, 16>;

/// Reads "127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%eth0"; none if it is no address.
std::optional<AddressBytes> addressBytesOf(std::string_view text);

/// The address of a client; none of a unix socket.
std::optional<AddressBytes> addressBytesOf(const PeerName& name);

/// As Node writes it: "127.0.0.1" is "::ffff:127.0.0.1".
std::string textOf(const AddressBytes& address);

/// The address with its first `bits` bits only, if it is not one of IPv4.
AddressBytes prefixOf(const AddressBytes& address, unsigned bits);

/// The proxies whose X-Forwarded-For is believed.
class TrustedProxies {
 public:
  /// Adds an address, a range ("10.0.0.0/8"), "loopback", "linklocal" or "uniquelocal". Returns
  /// false if it is none of them.
  bool add(std::string_view text);
  bool trusts(const AddressBytes& address) const;
  bool empty() const { return ranges_.empty(); }

 private:
  struct Range {
    AddressBytes start{};
    unsigned bits = 0;  // of the start that count
  };

  std::vector<Range> ranges_;
};

/// The nearest address on a route that is no proxy's, or else the farthest: see
/// AttachedRequest::route. None if it cannot be told.
std::optional<AddressBytes> clientOf(std::string_view route, const TrustedProxies& proxies);

}  // namespace beastio::transport
