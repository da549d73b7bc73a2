// A TCP or unix socket, watched by the loop's reactor. No call waits on it. It reads through the
// thread's buffer when there is something to read. So an idle one has no buffer, and bytes are
// always either the kernel's or delivered.
// Runs on: the I/O thread of its Environment.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "transport/loop/descriptor.hpp"
#include "transport/loop/environment.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio::transport {

class TcpStream final : public ByteStream,
                        public Pausable,
                        public std::enable_shared_from_this<TcpStream>,
                        private Watcher {
 public:
  /// Where a socket comes from.
  enum class From : std::uint8_t {
    kListener,  ///< of the engine: it has its options, and as a rule the first bytes too
    kHost,
  };

  /// Owns `descriptor`, a connected stream socket of any address family. Errors: an unusable
  /// descriptor is closed, and the owner is told of it after setOwner.
  static std::shared_ptr<TcpStream> fromDescriptor(Environment& environment, int descriptor,
                                                   From from);

  TcpStream(Environment& environment, Descriptor socket, From from);
  ~TcpStream() override;
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  /// Keeps something until it is closed. When it is released, that goes along.
  void keep(std::shared_ptr<void> kept) { kept_ = std::move(kept); }

  void setOwner(StreamOwner& owner) override;
  std::size_t write(std::span<const protocol::Bytes> buffers) override;
  void shutdownWrite() override;
  void close() override;
  void pause(bool paused) override;
  bool isDeferred() const override { return deferred_; }
  int descriptor() override { return socket_.get(); }
  Carrier release() override;
  void continueReading() override;

 private:
  static constexpr int kReadsPerTurn = 4;

  // Watcher
  void onReady(const Readiness& readiness) override;

  void watch();
  void unwatch();
  bool endUse();
  bool mayRead() const { return mayHaveMore_ && !paused_ && !deferred_; }
  void read();
  bool readOnce();
  void readLater();
  void defer();
  void fail(const std::string& error);
  void failLater(int error);
  void awaitWritable();

  Environment& environment_;
  Descriptor socket_;
  StreamOwner* owner_ = nullptr;
  bool mayHaveMore_;  // to read, and the reactor will not tell of it again
  bool isWatched_ = false;
  bool watchesWrites_ = false;
  bool readsLater_ = false;
  bool paused_ = false;
  bool deferred_ = false;
  bool peerEnded_ = false;  // which is still to be read
  bool readEnd_ = false;
  bool awaitingWritable_ = false;
  bool closed_ = false;
  InboxShare share_;
  std::shared_ptr<void> kept_;
};

}  // namespace beastio::transport
