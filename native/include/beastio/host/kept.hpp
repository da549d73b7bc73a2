// How much a host has not handled yet of what it was told.
#pragma once

#include <cstddef>
#include <cstdint>

#include "beastio/export.hpp"

namespace beastio {

/// What a host keeps of what it was told, because it handles it later.
struct Kept {
  std::size_t bytes = 0;      ///< of the calls since the last onBatchEnd
  std::uint64_t batches = 0;  ///< how many batches it has handled so far, each to its end
};

/// What is asked around each read. Runs on: the I/O thread that reads.
class BEASTIO_EXPORT InboxMeter {
 public:
  virtual ~InboxMeter() = default;

  /// Asked before and after each read, so that a client's share is known. Order: a host whose
  /// onBatchEnd returns false must count, or its clients are read on in small pieces.
  virtual Kept kept() const { return {}; }

  /// For ThreadStats::inboxBytes: how much it keeps now, of all batches. Runs on: any thread.
  virtual std::size_t waiting() const { return 0; }
};

}  // namespace beastio
