#include "transport/stream/carrier.hpp"

#include <utility>

#include "beastio/tls.hpp"

namespace beastio::transport {

Carrier::Carrier() = default;
Carrier::Carrier(Descriptor socket) : descriptor(std::move(socket)) {}
Carrier::Carrier(Carrier&&) noexcept = default;
Carrier& Carrier::operator=(Carrier&&) noexcept = default;
Carrier::~Carrier() = default;

}  // namespace beastio::transport
