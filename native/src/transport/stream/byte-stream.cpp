#include "transport/stream/byte-stream.hpp"

#include "transport/stream/carrier.hpp"

namespace beastio::transport {

Carrier ByteStream::release() { return {}; }

}  // namespace beastio::transport
