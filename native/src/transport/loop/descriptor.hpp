// The name of descriptors for all that moves bytes.
#pragma once

#include "platform/descriptor.hpp"  // IWYU pragma: export

namespace beastio::transport {

using platform::Descriptor;

}  // namespace beastio::transport
