#include "transport/loop/client-address.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <utility>

namespace beastio::transport {
namespace {

constexpr unsigned kAllBits = 128;
constexpr unsigned kMappedBits = 96;  // that say that an address is one of IPv4
constexpr AddressBytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// The names are those of Express's `trust proxy`.
struct Named {
  std::string_view name;
  std::initializer_list<std::string_view> ranges;
};
const std::initializer_list<Named> kNamed = {
    {"loopback", {"127.0.0.0/8", "::1/128"}},
    {"linklocal", {"169.254.0.0/16", "fe80::/10"}},
    {"uniquelocal", {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}},
};

bool startsAlike(const AddressBytes& one, const AddressBytes& other, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(one.begin(), one.begin() + whole, other.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (one[whole] ^ other[whole]) >> (8 - rest) == 0;
}

bool isMapped(const AddressBytes& address) { return startsAlike(address, kMapped, kMappedBits); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Some proxies add the port: "192.0.2.1:80", "[2001:db8::1]:80".
std::string_view withoutPort(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const auto colon = text.find(':');
  const bool isOnlyOne = colon != std::string_view::npos && text.find(':', colon + 1) > text.size();
  return isOnlyOne ? text.substr(0, colon) : text;
}

std::optional<unsigned> numberOf(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<AddressBytes> addressBytesOf(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));
  AddressBytes bytes = kMapped;
  if (::inet_pton(AF_INET, address.c_str(), bytes.data() + kMappedBits / 8) == 1) return bytes;
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::optional<AddressBytes> addressBytesOf(const PeerName& name) {
  AddressBytes bytes = kMapped;
  if (name.sin6_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(name);
    std::memcpy(bytes.data() + kMappedBits / 8, &ipv4.sin_addr, sizeof ipv4.sin_addr);
    return bytes;
  }
  if (name.sin6_family != AF_INET6) return std::nullopt;
  std::ranges::copy(name.sin6_addr.s6_addr, bytes.begin());
  return bytes;
}

std::string textOf(const AddressBytes& address) {
  in6_addr bytes{};
  std::ranges::copy(address, bytes.s6_addr);
  return textOf(bytes);
}

AddressBytes prefixOf(const AddressBytes& address, unsigned bits) {
  if (isMapped(address)) return address;
  AddressBytes prefix{};
  for (unsigned i = 0; i < prefix.size() && i * 8 < bits; ++i) {
    const unsigned cut = std::min(bits - i * 8, 8U);
    prefix[i] = static_cast<std::uint8_t>(address[i] & (0xFF00U >> cut));
  }
  return prefix;
}

bool TrustedProxies::add(std::string_view text) {
  for (const auto& [name, ranges] : kNamed) {
    if (name != text) continue;
    for (const auto range : ranges) add(range);
    return true;
  }
  const auto slash = text.find('/');
  const auto start = addressBytesOf(text.substr(0, slash));
  if (!start) return false;
  const bool isV4 = isMapped(*start) && text.find(':') == std::string_view::npos;
  const unsigned before = isV4 ? kMappedBits : 0;
  auto bits = std::optional(kAllBits - before);
  if (slash != std::string_view::npos) bits = numberOf(text.substr(slash + 1));
  if (!bits || *bits > kAllBits - before) return false;
  ranges_.push_back({*start, before + *bits});
  return true;
}

bool TrustedProxies::trusts(const AddressBytes& address) const {
  return std::ranges::any_of(ranges_, [&address](const Range& range) {
    return startsAlike(range.start, address, range.bits);
  });
}

std::optional<AddressBytes> clientOf(std::string_view route, const TrustedProxies& proxies) {
  std::optional<AddressBytes> client;
  for (bool isConnection = true;; isConnection = false) {
    const auto comma = route.rfind(',');
    const auto last = trimmed(comma == std::string_view::npos ? route : route.substr(comma + 1));
    const auto address = addressBytesOf(isConnection ? last : withoutPort(last));
    const bool isUnixSocket = isConnection && last.empty();
    if (!address && !isUnixSocket) return client;
    if (address) client = address;
    if (proxies.empty() || (address && !proxies.trusts(*address))) return client;
    if (comma == std::string_view::npos) return client;
    route = route.substr(0, comma);
  }
}

}  // namespace beastio::transport
