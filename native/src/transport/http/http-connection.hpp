// A connection of the engine's own port while it speaks HTTP/1.1. Beast parses, this class adds the
// checks that Beast's parser leaves out, and a router answers. One request at a time; a pipelined
// one waits. Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until
// HttpRouter::onGone.
// Bound: maxHeaderBytes of header, maxHttpBufferSize of a POST's body and kMaxIgnoredBodyBytes of
// another, kMaxPipelinedBytes behind a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/http/http-compression.hpp"
#include "session/timer-queue.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/peer-address.hpp"
#include "transport/loop/send-queue.hpp"
#include "transport/stream/byte-stream.hpp"

namespace beastio {
struct Endpoint;
struct Reply;
using RequestId = std::uint32_t;
}  // namespace beastio

namespace beastio::transport {

struct AnswerHead;
struct Carrier;
struct HttpParsing;
struct HttpRequest;
struct PortSettings;
struct ResponseContext;
struct RequestLineParts;

class HttpConnection;

class HttpRouter {
 public:
  /// The first line of a request has been read (empty parts: it is none), and all answers before it
  /// are written. Returns false if the router has taken the connection away, to another thread or
  /// to the host.
  virtual bool onRequestLine(HttpConnection& connection, const RequestLineParts& line) = 0;
  /// Whether connections may wait for further requests.
  virtual bool keepsAlive() const = 0;
  /// The header of a request has been read, and its body is still to come. A router that wants none
  /// of it answers now, by HttpConnection::respond, and the connection ends. Otherwise onRequest
  /// follows, or onBodyGivenUp, or onGone.
  virtual void onHeader(HttpConnection& connection, const HttpRequest& request) = 0;
  /// The rest of that body is not read any more: it has become too long, or takes too long.
  virtual void onBodyGivenUp(HttpConnection& connection, bool isTooLong) = 0;
  /// Answers by HttpConnection::respond, now or later.
  virtual void onRequest(HttpConnection& connection, const HttpRequest& request) = 0;
  /// An upgrade: the router takes the stream.
  virtual void onUpgrade(HttpConnection& connection, const HttpRequest& request) = 0;
  /// The connection is over and must be destroyed, but not before the end of the batch.
  virtual void onGone(HttpConnection& connection) = 0;

 protected:
  ~HttpRouter() = default;
};

class HttpConnection final : public StreamOwner,
                             public Pausable,
                             public std::enable_shared_from_this<HttpConnection>,
                             private session::TimerClient {
 public:
  static constexpr std::size_t kMaxPipelinedBytes = 64 * 1024;
  /// Of a body that nobody reads, as that of a GET.
  static constexpr std::size_t kMaxIgnoredBodyBytes = 16 * 1024;
  /// A longer body waits while the host has too much unhandled: it may have many packets in it.
  static constexpr std::size_t kSmallBodyBytes = Environment::kSmallReadBytes;
  /// The status where one of them is longer.
  static constexpr int kBodyTooLong = 413;
  /// How long a peer may take nothing of an answer.
  static constexpr std::chrono::seconds kWriteTimeout{60};
  /// How long a peer may keep a connection that was ended.
  static constexpr std::chrono::seconds kLingerTimeout{5};

  /// `id` is unique among the thread's connections. `peer`: its client, if that is known.
  HttpConnection(Environment& environment, HttpRouter& router, std::shared_ptr<ByteStream> stream,
                 RequestId id, const std::optional<PeerName>& peer = std::nullopt);
  ~HttpConnection();

  /// Begins with bytes that were read before.
  void start(std::string_view bytes);
  RequestId id() const { return id_; }
  /// How many requests were dispatched.
  std::uint32_t requests() const { return requests_; }
  /// Lines that the next answer begins with, each with its CRLF.
  void setFirstLines(std::string lines) { firstLines_ = std::move(lines); }
  /// Answers the request that was dispatched, with further header lines. The next one is dispatched
  /// after this call.
  void respond(const Reply& reply, std::string_view lines = {},
               protocol::ContentCoding coding = protocol::ContentCoding::kNone);
  /// The same with lines of the caller's, and a body that is not copied.
  void answer(const AnswerHead& head, std::shared_ptr<const std::string> body = nullptr);
  /// Whether a request waits for its answer.
  bool isAnswering() const { return state_ == State::kAnswering; }
  /// Sends `bytes` as they are and ends the connection.
  void respondRaw(std::string_view bytes);
  void destroy();

  /// Takes the stream, and the bytes that were read past the request's header.
  std::shared_ptr<ByteStream> takeStream(std::string& head);
  /// Takes what carries the stream, and all bytes read since the current request began. Order: only
  /// within HttpRouter::onRequestLine.
  Carrier release(std::string& bytes);
  Endpoint peer();
  /// The TLS session below, if there is one.
  const TlsSession* tls() const { return stream_->tls(); }
  /// The part of an answer that is still to be written, and since when its client has taken nothing
  /// of it.
  std::size_t queuedBytes() const { return queue_.bytes(); }
  std::chrono::steady_clock::time_point stalledSince() const;
  /// Whether it waits for a request, or for the rest of one.
  bool isIdle() const { return isWaiting(); }

  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onWritable() override;
  void onEnd() override;
  void onStreamClosed(std::string_view error) override;

  // Pausable: the host takes bodies again.
  void continueReading() override;

 private:
  enum class State : std::uint8_t { kReading, kAnswering, kEnding, kGone };

  void onTimer(std::chrono::steady_clock::time_point now) override;
  const PortSettings& port() const;
  bool isWaiting() const { return state_ == State::kReading && queue_.empty(); }
  void setDeadline(std::chrono::steady_clock::time_point start, std::chrono::milliseconds timeout);
  void advance();
  void advanceLater();
  bool begin();
  bool parse();
  bool awaitRest();
  bool acceptHeader();
  void announce();
  bool isOnTime(std::chrono::steady_clock::time_point now);
  bool mustWait();
  HttpRequest readHeader();
  void dispatch();
  ResponseContext contextOfAnswer();
  void send(std::string_view bytes, std::shared_ptr<const std::string> body, bool keepAlive);
  void refuse(int status);
  void forget();
  void write(std::string_view bytes);
  void flush();
  void awaitRequest();
  void gone();

  Environment& environment_;
  HttpRouter& router_;
  std::shared_ptr<ByteStream> stream_;
  RequestId id_;
  std::optional<PeerName> peer_;
  std::unique_ptr<HttpParsing> parsing_;
  std::string input_;       // what was read and not yet served, from the header's first byte on
  std::size_t parsed_ = 0;  // what of it the parser has consumed
  std::string firstLines_;  // of the next answer
  std::chrono::steady_clock::time_point requestStart_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  SendQueue queue_;
  std::uint32_t requests_ = 0;
  State state_ = State::kReading;
  bool keepAlive_ = true;
  bool isHead_ = false;
  bool isHttp10_ = false;
  bool isOldExplorer_ = false;
  bool advancing_ = false;
  bool peerEnded_ = false;
};

}  // namespace beastio::transport
