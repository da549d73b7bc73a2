// A connected stream of bytes, whatever carries it: a TCP or unix socket, TLS on it, or a Node
// stream across the bridge. Bytes are pushed to the owner as they come; writing never blocks.
// Runs on: the I/O thread of its Environment.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/text/bytes.hpp"

namespace beastio {
class TlsSession;
}

namespace beastio::transport {

struct Carrier;

/// Who speaks on a stream.
class StreamOwner {
 public:
  /// Bytes that may be overwritten. Lifetime: valid during the call.
  virtual void onBytes(protocol::MutableBytes bytes) = 0;
  /// A write that took less than all may go on.
  virtual void onWritable() = 0;
  /// The peer sends no more, but may still read. The owner closes the stream, now or when it has
  /// written what it has to.
  virtual void onEnd() = 0;
  /// The stream is gone; `error` says why, if it failed. No further call follows.
  virtual void onStreamClosed(std::string_view error) = 0;

 protected:
  ~StreamOwner() = default;
};

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Gives the stream a new owner; the first one starts the reading.
  virtual void setOwner(StreamOwner& owner) = 0;
  /// Writes what can be taken at once and returns how much that was. If it was not all, the owner's
  /// onWritable follows. Order: the next call begins with the bytes that were not taken. Errors:
  /// reported by onStreamClosed after this call; returns 0.
  virtual std::size_t write(std::span<const protocol::Bytes> buffers) = 0;
  /// Ends the sending direction after what was written; reading goes on.
  virtual void shutdownWrite() = 0;
  /// Closes at once. The owner is not called again.
  virtual void close() = 0;
  /// Reads no further, or goes on. What was read already is still delivered.
  virtual void pause(bool paused) = 0;
  /// Whether it is not read because the host cannot keep up (Environment::deferReading).
  virtual bool isDeferred() const { return false; }
  /// The socket below, for questions to the system; -1 if there is none.
  virtual int descriptor() { return -1; }
  /// Gives away what carries the bytes, to another thread or another owner; the stream is closed
  /// then. Order: when all that was written has been taken.
  /// Errors: no descriptor if it has none.
  virtual Carrier release();
  /// The TLS session, if the stream has one.
  virtual TlsSession* tls() const { return nullptr; }
};

}  // namespace beastio::transport
