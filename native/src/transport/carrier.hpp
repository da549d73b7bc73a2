// What carries a connection while it travels from one I/O thread to another, or to the host: its
// socket. Runs on: any thread.
#pragma once

#include "transport/descriptor.hpp"

namespace beastio::transport {

struct Carrier {
  Descriptor descriptor{Descriptor::kNone};
};

}  // namespace beastio::transport
