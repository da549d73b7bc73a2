#include "transport/http/http-connection.hpp"

#include <algorithm>
#include <utility>

#include "beastio/address.hpp"
#include "transport/http/http-parsing.hpp"
#include "transport/http/http-request.hpp"
#include "transport/http/http-rules.hpp"
#include "transport/http/request-line.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio::transport {
namespace http = beast::http;
using beast::error_code;

namespace {

constexpr std::chrono::seconds kLookAgain{1};  // at how fast a body comes

int statusOf(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return HttpConnection::kBodyTooLong;
  return 400;
}

}  // namespace

HttpConnection::HttpConnection(Environment& environment, HttpRouter& router,
                               std::shared_ptr<ByteStream> stream, RequestId id,
                               const std::optional<PeerName>& peer)
    : TimerClient(environment.timers),
      environment_(environment),
      router_(router),
      stream_(std::move(stream)),
      id_(id),
      peer_(peer),
      requestStart_(environment.now()),
      queue_(environment.chunks) {}

HttpConnection::~HttpConnection() = default;

const PortSettings& HttpConnection::port() const { return environment_.settings->port; }

void HttpConnection::start(std::string_view bytes) {
  setDeadline(requestStart_, port().headersTimeout);
  input_.assign(bytes);
  advance();
  if (state_ != State::kGone) stream_->setOwner(*this);
}

void HttpConnection::onBytes(protocol::MutableBytes bytes) {
  environment_.affinity.check();
  if (state_ == State::kGone || state_ == State::kEnding) return;
  const bool isHeld = parsing_ && parsing_->held;
  const bool busy = state_ == State::kAnswering || !queue_.empty() || isHeld;
  if (!busy && !parsing_ && input_.empty() && !bytes.empty()) {
    requestStart_ = environment_.now();
    setDeadline(requestStart_, port().headersTimeout);
  }
  input_.append(protocol::asText(bytes));
  if (!busy) return advance();
  if (input_.size() - parsed_ > kMaxPipelinedBytes) destroy();
}

// Serves requests until one has to wait: for bytes, for its answer, or for the answer before it to
// be written. The last, because a router may take the stream and with it what is unwritten.
void HttpConnection::advance() {
  advancing_ = true;
  while (isWaiting() && !input_.empty() && parse()) {
  }
  advancing_ = false;
}

// Returns whether a whole request was dispatched.
bool HttpConnection::parse() {
  if (!parsing_ && !begin()) return false;
  auto& parser = parsing_->parser;
  error_code error;
  while (!parser.is_done()) {
    const auto rest = std::string_view(input_).substr(parsed_);
    const auto consumed = parser.put(asio::const_buffer(rest.data(), rest.size()), error);
    parsed_ += consumed;
    if (error == http::error::need_more) return awaitRest();
    if (error) {
      refuse(statusOf(error));
      return false;
    }
    if (parser.is_header_done() && !parsing_->headerSeen) {
      parsing_->headerSeen = true;
      parsing_->header = input_.substr(0, parsed_);
      if (!acceptHeader()) return false;
      if (parser.get().method() != http::verb::post) {
        if (parser.content_length().value_or(0) > kMaxIgnoredBodyBytes) {
          refuse(kBodyTooLong);
          return false;
        }
        parser.body_limit(kMaxIgnoredBodyBytes);
      }
      setDeadline(requestStart_, port().requestTimeout);
    }
    if (consumed == 0 && !parser.is_done()) return awaitRest();
  }
  if (mustWait()) return false;
  dispatch();
  return true;
}

// Shows the router the first line, by which it may take the connection away. Returns whether the
// request is to be parsed now.
bool HttpConnection::begin() {
  input_.erase(0, input_.find_first_not_of("\r\n"));  // RFC 9112 §2.2: empty lines before it
  if (input_.empty()) return false;
  const auto end = input_.find('\n');
  const bool isEndless = end == std::string::npos && input_.size() > port().maxHeaderBytes;
  const bool isNoMethod = input_.front() < 'A' || input_.front() > 'Z';
  if (end == std::string::npos && !isEndless && !isNoMethod) return false;
  RequestLineParts line;
  if (!isEndless && !isNoMethod && end > 0 && input_[end - 1] == '\r') {
    line = cutRequestLine(std::string_view(input_).substr(0, end - 1));
  }
  if (!router_.onRequestLine(*this, line)) return false;
  parsing_ = std::make_unique<HttpParsing>(*environment_.settings);
  return true;
}

// Of the body only what the parser could not yet take is kept: a piece of a chunk's header or of
// the trailers. Returns false.
bool HttpConnection::awaitRest() {
  if (!parsing_->headerSeen) return false;
  input_.erase(0, std::exchange(parsed_, 0));
  if (input_.size() > port().maxHeaderBytes) {
    refuse(400);
  } else if (!parsing_->isAnnounced) {
    announce();
  }
  return false;
}

// Nothing of a body is kept for who will be refused anyway: the router sees the header before it.
void HttpConnection::announce() {
  parsing_->isAnnounced = true;
  parsing_->bodyStart = environment_.now();
  auto request = readHeader();
  request.header = parsing_->header;
  keepAlive_ = false;  // what follows an answer would be the body
  state_ = State::kAnswering;
  router_.onHeader(*this, request);
  if (state_ == State::kEnding) forget();
  if (state_ != State::kAnswering) return;
  state_ = State::kReading;
  if (isOnTime(parsing_->bodyStart)) return;
  refuse(408);
}

// Whether the body comes fast enough and may take longer: until `deadline_`, at which to ask again.
// What we do not read ourselves is not the client's fault.
bool HttpConnection::isOnTime(std::chrono::steady_clock::time_point now) {
  const auto rate = static_cast<double>(port().minBodyBytesPerSecond);
  const auto brought = static_cast<double>(parsing_->parser.get().body().size());
  const std::chrono::duration<double> elapsed = now - parsing_->bodyStart;
  const bool isEarly = elapsed < port().bodyTimeout;
  if (!isEarly && brought < rate * elapsed.count() && !stream_->isDeferred()) return false;
  const auto end = requestStart_ + port().requestTimeout;
  if (port().requestTimeout.count() > 0 && now >= end) return false;
  deadline_ = isEarly ? parsing_->bodyStart + port().bodyTimeout : now + kLookAgain;
  if (port().requestTimeout.count() > 0) deadline_ = std::min(*deadline_, end);
  armTimer(*deadline_);
  return true;
}

// Whether a request that is whole must not reach its session yet, because the host has too much
// unhandled.
bool HttpConnection::mustWait() {
  const auto bytes = parsing_->parser.get().body().size();
  if (bytes <= kSmallBodyBytes) return false;
  if (!environment_.isInboxFull()) {
    // Bodies that were held go on one by one: each counts for the turn as if it had come just now.
    if (parsing_->held) environment_.bytesRead += bytes;
    return false;
  }
  if (!parsing_->held) parsing_->held.emplace(environment_.counters.heldPosts, bytes);
  deadline_.reset();
  environment_.deferReading(weak_from_this());
  return true;
}

void HttpConnection::continueReading() { advanceLater(); }

bool HttpConnection::acceptHeader() {
  const auto& request = parsing_->parser.get();
  const int status = judgeHeader(request, parsing_->header, port().maxHeadersCount);
  if (status != 0) {
    refuse(status);
    return false;
  }
  if (request.count(http::field::expect) > 0) {
    if (!beast::iequals(request[http::field::expect], "100-continue")) {
      refuse(417);
      return false;
    }
    write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return true;
}

void HttpConnection::dispatch() {
  keepAlive_ = parsing_->parser.get().keep_alive();
  auto request = readHeader();
  request.header = std::move(parsing_->header);
  request.body = std::move(parsing_->parser.get().body());
  parsing_.reset();

  state_ = State::kAnswering;
  ++requests_;
  deadline_.reset();  // a poll may wait as long as its session lives
  input_.erase(0, std::exchange(parsed_, 0));
  if (request.isUpgrade) {
    router_.onUpgrade(*this, request);
  } else {
    router_.onRequest(*this, request);
  }
}

// What the request is but for its body, and how it wants to be answered.
HttpRequest HttpConnection::readHeader() {
  const auto& message = parsing_->parser.get();
  isHead_ = message.method() == http::verb::head;
  isHttp10_ = message.version() == 10;

  auto request = readRequest(message);
  isOldExplorer_ = request.isFromOldExplorer;
  // Who does not serve WebSockets does not know the header: it is an ordinary request then.
  request.isUpgrade =
      environment_.settings->websocket && parsing_->parser.upgrade() && !request.upgrade.empty();
  return request;
}

// Serves what was pipelined, but not under the feet of a session that is still answering.
void HttpConnection::advanceLater() {
  environment_.reactor.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->advance();
  });
}

void HttpConnection::awaitRequest() {
  setDeadline(environment_.now(), input_.empty() ? port().keepAliveTimeout : port().headersTimeout);
}

void HttpConnection::onWritable() {
  flush();
  advance();
}

// A request without its answer is given up, as Node does; an answer is still written.
void HttpConnection::onEnd() {
  if (queue_.empty() || state_ == State::kAnswering) return destroy();
  peerEnded_ = true;
  state_ = State::kEnding;
}

void HttpConnection::onStreamClosed(std::string_view) { gone(); }

void HttpConnection::setDeadline(std::chrono::steady_clock::time_point start,
                                 std::chrono::milliseconds timeout) {
  deadline_.reset();
  if (timeout.count() == 0) return;
  deadline_ = start + timeout;
  armTimer(*deadline_);
}

void HttpConnection::onTimer(std::chrono::steady_clock::time_point now) {
  if (state_ == State::kGone || !deadline_) return;
  if (now < *deadline_) return armTimer(*deadline_);
  const bool hasBegun = parsing_ || !input_.empty();
  if (isWaiting() && parsing_ && parsing_->isAnnounced && isOnTime(now)) return;
  if (isWaiting() && hasBegun) return refuse(408);
  destroy();
}

std::shared_ptr<ByteStream> HttpConnection::takeStream(std::string& head) {
  head = std::exchange(input_, {});
  auto stream = std::exchange(stream_, nullptr);
  gone();
  return stream;
}

Carrier HttpConnection::release(std::string& bytes) {
  bytes = std::move(input_);
  input_.clear();
  auto carrier = std::exchange(stream_, nullptr)->release();
  gone();
  return carrier;
}

Endpoint HttpConnection::peer() {
  return peer_ ? endpointOf(*peer_) : peerOf(stream_->descriptor());
}

std::chrono::steady_clock::time_point HttpConnection::stalledSince() const {
  return deadline_ ? *deadline_ - kWriteTimeout : requestStart_;
}

void HttpConnection::destroy() {
  if (stream_) stream_->close();
  gone();
}

void HttpConnection::gone() {
  if (state_ == State::kGone) return;
  state_ = State::kGone;
  queue_.clear();
  router_.onGone(*this);
}

}  // namespace beastio::transport
