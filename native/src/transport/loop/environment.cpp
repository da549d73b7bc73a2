#include "transport/loop/environment.hpp"

#include "beastio/host/kept.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::transport {

std::size_t Environment::keptBytes() const { return host == nullptr ? 0 : host->kept().bytes; }

bool Environment::exceedsShare(InboxShare& share, std::size_t before) const {
  const auto after = host == nullptr ? Kept{} : host->kept();
  if (after.bytes == before) return false;
  if (share.batches != after.batches) share = {.batches = after.batches};
  share.bytes += after.bytes - before;
  return isInboxFull_ || share.bytes > settings->maxInboxBytesPerClient;
}

}  // namespace beastio::transport
