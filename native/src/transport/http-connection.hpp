// A connection of the engine's own port while it speaks HTTP/1.1: Beast parses, this adds the
// checks that its parser leaves out, and a router answers. One request at a time; a pipelined one
// waits. Runs on: the I/O thread. Owner: the I/O thread, by shared_ptr until HttpRouter::onGone.
// Bound: maxHeaderBytes of header, maxHttpBufferSize of body, kMaxPipelinedBytes behind a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "beastio/handler.hpp"
#include "protocol/http-compression.hpp"
#include "session/timer-queue.hpp"
#include "transport/byte-stream.hpp"
#include "transport/environment.hpp"
#include "transport/http-rules.hpp"
#include "transport/peer-address.hpp"
#include "transport/send-queue.hpp"

namespace beastio::transport {

class HttpConnection;

struct HttpRequest {
  std::string method;
  std::string target;
  std::optional<std::string> origin;
  std::string contentType;
  std::string upgrade;
  std::string key;
  std::string version;
  std::optional<std::string> protocols;
  std::optional<std::string> extensions;
  std::string acceptEncoding;
  std::string body;
  std::string header;  ///< as it was sent, with its empty line
  bool isUpgrade = false;
};

class HttpRouter {
 public:
  /// The first line of a request has been read (empty parts: it is none), and all answers before it
  /// are written. Returns false if the router has taken the connection away, to another thread or
  /// to the host.
  virtual bool onRequestLine(HttpConnection& connection, const RequestLineParts& line) = 0;
  /// Whether connections may wait for further requests.
  virtual bool keepsAlive() const = 0;
  /// Answers by HttpConnection::respond, now or later.
  virtual void onRequest(HttpConnection& connection, HttpRequest request) = 0;
  /// An upgrade: the router takes the stream.
  virtual void onUpgrade(HttpConnection& connection, HttpRequest request) = 0;
  /// The connection is over and must be destroyed, but not before the end of the batch.
  virtual void onGone(HttpConnection& connection) = 0;

 protected:
  ~HttpRouter() = default;
};

class HttpConnection final : public StreamOwner,
                             public std::enable_shared_from_this<HttpConnection>,
                             private session::TimerClient {
 public:
  static constexpr std::size_t kMaxPipelinedBytes = 64 * 1024;
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
  /// Answers the request that was dispatched, with further header lines. The next one is dispatched
  /// after this call.
  void respond(const HttpResponse& response, std::string_view lines = {},
               protocol::ContentCoding coding = protocol::ContentCoding::kNone);
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
  /// Whether it waits for a request, or for the rest of one.
  bool isIdle() const { return isWaiting(); }

  // StreamOwner
  void onBytes(protocol::MutableBytes bytes) override;
  void onWritable() override;
  void onEnd() override;
  void onStreamClosed(std::string_view error) override;

 private:
  struct Parsing;
  enum class State : std::uint8_t { kReading, kAnswering, kEnding, kGone };

  void onTimer(std::chrono::steady_clock::time_point now) override;
  const PortOptions& port() const { return environment_.options->port; }
  bool isWaiting() const { return state_ == State::kReading && queue_.empty(); }
  void setDeadline(std::chrono::steady_clock::time_point start, std::chrono::milliseconds timeout);
  void advance();
  void advanceLater();
  bool begin();
  bool parse();
  bool keepUnparsed();
  bool acceptHeader();
  void dispatch();
  void refuse(int status);
  void write(std::string_view bytes);
  void flush();
  void awaitRequest();
  void gone();

  Environment& environment_;
  HttpRouter& router_;
  std::shared_ptr<ByteStream> stream_;
  RequestId id_;
  std::optional<PeerName> peer_;
  std::unique_ptr<Parsing> parsing_;
  std::string input_;       // what was read and not yet served, from the header's first byte on
  std::size_t parsed_ = 0;  // what of it the parser has consumed
  std::chrono::steady_clock::time_point requestStart_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  SendQueue queue_;
  State state_ = State::kReading;
  bool keepAlive_ = true;
  bool isHead_ = false;
  bool isHttp10_ = false;
  bool isOldExplorer_ = false;
  bool advancing_ = false;
  bool peerEnded_ = false;
};

}  // namespace beastio::transport
