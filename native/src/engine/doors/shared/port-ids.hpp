// Ids of what comes by the engine's own port. Half of all ids are for it, the others are the
// host's, so that both may name the streams and requests of one thread.
#pragma once

#include "beastio/session-id.hpp"

namespace beastio::engine {

/// Counts from `first` on, and begins again after `mask` ids.
class PortIds {
 public:
  PortIds(RequestId first, RequestId mask) : first_(first), mask_(mask) {}

  /// The next id that is no key of `taken`: ids come round, and connections may be old.
  template <class Map>
  RequestId next(const Map& taken) {
    RequestId id = 0;
    do {
      id = first_ | (++last_ & mask_);
    } while (taken.contains(id));
    return id;
  }

 private:
  RequestId first_;
  RequestId mask_;
  RequestId last_ = 0;
};

}  // namespace beastio::engine
