// A ByteStream of the tests: keeps what was written, and takes only as much as the test allows.
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "transport/stream/byte-stream.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio::transport::test {

class FakeStream final : public ByteStream {
 public:
  static constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();

  std::string written{};
  std::size_t takes = kUnlimited;
  int writes = 0;
  bool shutDown = false;
  bool closed = false;
  bool paused = false;
  StreamOwner* owner = nullptr;

  void setOwner(StreamOwner& newOwner) override { owner = &newOwner; }
  std::size_t write(std::span<const protocol::Bytes> buffers) override {
    ++writes;
    std::string bytes;
    for (const auto& buffer : buffers) {
      bytes.append(protocol::asText(buffer));
    }
    const auto count = std::min(bytes.size(), takes);
    if (takes != kUnlimited) takes -= count;
    written.append(bytes, 0, count);
    return count;
  }
  void shutdownWrite() override { shutDown = true; }
  void close() override { closed = true; }
  void pause(bool value) override { paused = value; }

  /// Bytes of the peer, in a buffer of exactly their size.
  void receive(std::string_view bytes) {
    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    owner->onBytes(copy);
  }
  /// The peer reads on.
  void unblock(std::size_t newTakes = kUnlimited) {
    takes = newTakes;
    owner->onWritable();
  }
};

}  // namespace beastio::transport::test
