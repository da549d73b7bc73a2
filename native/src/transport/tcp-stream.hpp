// A TCP or unix socket, non-blocking, driven by Asio. While it is idle only a small buffer of its
// own waits for bytes; a burst is drained through the thread's large one.
// Runs on: the I/O thread of its Environment.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>

#include "transport/byte-stream.hpp"
#include "transport/environment.hpp"

namespace beastio::transport {

class TcpStream final : public ByteStream,
                        public Pausable,
                        public std::enable_shared_from_this<TcpStream> {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                  boost::asio::io_context::executor_type>;

  /// Owns `descriptor`, a connected stream socket of any address family. Errors: an unusable
  /// descriptor is closed, and the owner is told of it after setOwner.
  static std::shared_ptr<TcpStream> fromDescriptor(Environment& environment, int descriptor);

  TcpStream(Environment& environment, Socket socket);

  void setOwner(StreamOwner& owner) override;
  std::size_t write(std::span<const boost::asio::const_buffer> buffers) override;
  void shutdownWrite() override;
  void close() override;
  void pause(bool paused) override;
  int descriptor() override { return closed_ ? -1 : socket_.native_handle(); }
  bool settle() override;
  Carrier release() override;
  void continueReading() override { read(); }

 private:
  static constexpr std::size_t kIdleBufferBytes = 256;
  static constexpr int kReadsPerTurn = 4;

  void read();
  void onRead(const boost::system::error_code& error, std::size_t count);
  bool drain(std::size_t count);
  void deliver(protocol::MutableBytes bytes);
  void failReading(const boost::system::error_code& error);
  void fail(const boost::system::error_code& error);
  void failLater(const boost::system::error_code& error);
  void awaitWritable();

  Environment& environment_;
  Socket socket_;
  StreamOwner* owner_ = nullptr;
  bool reading_ = false;
  bool settling_ = false;
  bool paused_ = false;
  bool awaitingWritable_ = false;
  bool closed_ = false;
  std::array<std::uint8_t, kIdleBufferBytes> idleBuffer_;
};

}  // namespace beastio::transport
