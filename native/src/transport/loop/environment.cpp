#include "transport/loop/environment.hpp"

#include "beastio/host/kept.hpp"
#include "beastio/options.hpp"
#include "beastio/tls.hpp"

namespace beastio::transport {

static_assert(TlsBuffers::kRecordBytes == TlsSession::kMaxRecordBytes);

Kept Environment::kept() const { return host == nullptr ? Kept{} : host->kept(); }

bool Environment::exceedsShare(InboxShare& share, const Kept& before) const {
  const auto after = kept();
  if (after.bytes == before.bytes) return false;
  if (share.batches != after.batches) share = {.batches = after.batches};
  share.bytes += after.bytes - before.bytes;
  return isInboxFull_ || share.bytes > options->maxInboxBytesPerClient;
}

}  // namespace beastio::transport
