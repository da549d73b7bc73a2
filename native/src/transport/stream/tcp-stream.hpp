// A TCP or unix socket, non-blocking, driven by Asio. It waits until there is something to read and
// then reads through the thread's buffer. So an idle one has no buffer, and bytes are always either
// the kernel's or delivered.
// Runs on: the I/O thread of its Environment.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "transport/loop/environment.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio::transport {

class TcpStream final : public ByteStream,
                        public Pausable,
                        public std::enable_shared_from_this<TcpStream> {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                  boost::asio::io_context::executor_type>;

  /// Where a socket comes from.
  enum class From : std::uint8_t {
    kListener,  ///< of the engine: it has its options, and as a rule the first bytes too
    kHost,
  };

  /// Owns `descriptor`, a connected stream socket of any address family. Errors: an unusable
  /// descriptor is closed, and the owner is told of it after setOwner.
  static std::shared_ptr<TcpStream> fromDescriptor(Environment& environment, int descriptor,
                                                   From from);

  TcpStream(Environment& environment, Socket socket, From from);

  void setOwner(StreamOwner& owner) override;
  std::size_t write(std::span<const boost::asio::const_buffer> buffers) override;
  void shutdownWrite() override;
  void close() override;
  void pause(bool paused) override;
  bool isDeferred() const override { return deferred_; }
  int descriptor() override { return closed_ ? -1 : socket_.native_handle(); }
  Carrier release() override;
  void continueReading() override;

 private:
  static constexpr int kReadsPerTurn = 4;

  void awaitReadable();
  void onReadable(const boost::system::error_code& error);
  bool drain();
  void defer();
  void fail(const boost::system::error_code& error);
  void failLater(const boost::system::error_code& error);
  void awaitWritable();

  Environment& environment_;
  Socket socket_;
  StreamOwner* owner_ = nullptr;
  bool hasNews_;  // there is probably something to read that no wait has told of
  bool awaitingReadable_ = false;
  bool paused_ = false;
  bool deferred_ = false;
  bool awaitingWritable_ = false;
  bool closed_ = false;
  InboxShare share_;
};

}  // namespace beastio::transport
