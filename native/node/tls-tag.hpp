// The mark of an object of the second addon file that wraps a std::shared_ptr<const TlsContext>:
// the first file takes nothing else for one. To be changed with beastio/tls.hpp, whose classes both
// files must have compiled alike.
#pragma once

#include <napi.h>

namespace beastio::addon {

inline constexpr napi_type_tag kTlsContextTag = {0x62656173742e696f, 0x746c732d00000001};

}  // namespace beastio::addon
