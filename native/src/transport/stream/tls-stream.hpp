// TLS on another stream: what that brings is decrypted for the owner, what the owner writes becomes
// records of up to 16 KiB. The library behind it is a TlsSession; here is when it is called.
// Runs on: the I/O thread of its Environment. Bound: kBatchBytes are encrypted ahead of the socket;
// a peer that makes TLS itself answer and does not read is cut off at kMaxUnwrittenBytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "transport/loop/environment.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio::transport {

class TlsStream final : public ByteStream,
                        private StreamOwner,
                        public std::enable_shared_from_this<TlsStream> {
 public:
  static constexpr std::size_t kBatchBytes = 4 * TlsBuffers::kRecordBytes;
  static constexpr std::size_t kMaxUnwrittenBytes = 2 * kBatchBytes;

  /// `unread` and `unwritten`: see Carrier.
  TlsStream(Environment& environment, std::shared_ptr<ByteStream> carrier,
            std::unique_ptr<TlsSession> session, std::string unread = {},
            std::string unwritten = {});
  ~TlsStream() override;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// When the handshake is done, the owner's onWritable is called; before that nothing is taken.
  void setOwner(StreamOwner& owner) override;
  std::size_t write(std::span<const protocol::Bytes> buffers) override;
  /// Says goodbye (close_notify), then ends the carrier's sending direction.
  void shutdownWrite() override;
  void close() override;
  void pause(bool paused) override { carrier_->pause(paused); }
  bool isDeferred() const override { return carrier_->isDeferred(); }
  int descriptor() override { return carrier_->descriptor(); }
  Carrier release() override;
  TlsSession* tls() const override { return session_.get(); }
  /// Why TLS has failed; empty: it has not.
  std::string_view error() const;

 private:
  // StreamOwner, of the carrier.
  void onBytes(protocol::MutableBytes bytes) override;
  void onWritable() override;
  /// Without a goodbye before it, somebody may have cut the stream short: that is a failure.
  void onEnd() override;
  void onStreamClosed(std::string_view error) override;

  void start();
  void decrypt();
  bool step();
  std::size_t encryptBatch(std::span<const protocol::Bytes> buffers, std::size_t skip,
                           std::string& out);
  bool send(std::string& encrypted);
  void fail(std::string_view error);

  Environment& environment_;
  std::shared_ptr<ByteStream> carrier_;
  std::unique_ptr<TlsSession> session_;
  StreamOwner* owner_ = nullptr;
  protocol::Bytes encrypted_{};  // what is being decrypted
  std::string unread_;           // encrypted, what comes before the carrier's next bytes
  std::string unwritten_;        // encrypted, not taken by the carrier yet
  std::size_t aheadBytes_ = 0;   // plain, encrypted into `unwritten_` and not reported as taken
  bool started_ = false;
  bool established_ = false;
  bool ownerWaits_ = false;  // for onWritable
  bool peerEnded_ = false;
  bool ending_ = false;  // our goodbye has been said
  bool closed_ = false;
};

}  // namespace beastio::transport
