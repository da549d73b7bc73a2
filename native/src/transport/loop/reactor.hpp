// The descriptor that tells when a loop has something to do.
#pragma once

#include <boost/asio/io_context.hpp>

namespace beastio::transport {

/// Readable while events of the context's sockets wait to be run. Lifetime: of the context; -1: the
/// platform has none.
int reactorDescriptor(boost::asio::io_context& io);

}  // namespace beastio::transport
