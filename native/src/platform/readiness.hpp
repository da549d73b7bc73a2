// What a poller says of a descriptor. Runs on: any thread.
#pragma once

namespace beastio::platform {

/// What a descriptor was found to be. It may be over by the time that is told.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool ended = false;  ///< the peer's end or an error is to be read, behind what else there is
};

}  // namespace beastio::platform
