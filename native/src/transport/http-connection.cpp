#include "transport/http-connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

#include "transport/http-response.hpp"

namespace beastio::transport {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// Beast 345 (Boost 1.81) leaves chunk extensions unlimited.
struct ChunkHeaderCheck {
  void operator()(std::uint64_t, boost::beast::string_view extensions, error_code& error) const {
    if (extensions.size() > maxBytes) error = http::error::bad_chunk_extension;
  }

  std::size_t maxBytes;
};

}  // namespace

struct HttpConnection::Parsing {
  explicit Parsing(const EngineOptions& options) : checkChunkHeader{options.port.maxHeaderBytes} {
    parser.header_limit(static_cast<std::uint32_t>(options.port.maxHeaderBytes));
    parser.body_limit(options.maxHttpBufferSize);
    parser.on_chunk_header(checkChunkHeader);
  }

  http::request_parser<http::string_body> parser;
  ChunkHeaderCheck checkChunkHeader;  // the parser refers to it
  bool headerSeen = false;
  std::string header;  // as it was sent
};

namespace {

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

/// Adds another field of the same name, as Node's HTTP server shows them.
void join(std::optional<std::string>& all, boost::beast::string_view value) {
  if (all)
    all->append(", ");
  else
    all.emplace();
  all->append(value.data(), value.size());
}

bool isOldExplorer(boost::beast::string_view agent) {
  return agent.find(";MSIE") != agent.npos || agent.find("Trident/") != agent.npos;
}

constexpr int kBodyTooLong = 413;

int statusOf(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return kBodyTooLong;
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
      queue_(environment.spareChunks) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::start(std::string_view bytes) {
  setDeadline(requestStart_, port().headersTimeout);
  input_.assign(bytes);
  advance();
  if (state_ != State::kGone) stream_->setOwner(*this);
}

void HttpConnection::onBytes(protocol::MutableBytes bytes) {
  if (state_ == State::kGone || state_ == State::kEnding) return;
  const bool busy = state_ == State::kAnswering || !queue_.empty();
  if (!busy && !parsing_ && input_.empty() && !bytes.empty()) {
    requestStart_ = environment_.now();
    setDeadline(requestStart_, port().headersTimeout);
  }
  input_.append(protocol::asText(bytes));
  if (!busy) return advance();
  if (input_.size() > kMaxPipelinedBytes) destroy();
}

// Serves requests until one has to wait: for bytes, for its answer, or for the answer before it to
// be written, because a router may take the stream and with it what is unwritten.
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
    const auto consumed = parser.put(asio::buffer(rest.data(), rest.size()), error);
    parsed_ += consumed;
    if (error == http::error::need_more) return keepUnparsed();
    if (error) {
      refuse(statusOf(error));
      return false;
    }
    if (parser.is_header_done() && !parsing_->headerSeen) {
      parsing_->headerSeen = true;
      parsing_->header = input_.substr(0, parsed_);
      if (!acceptHeader()) return false;
      setDeadline(requestStart_, port().requestTimeout);
    }
    if (consumed == 0 && !parser.is_done()) return keepUnparsed();
  }
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
  parsing_ = std::make_unique<Parsing>(*environment_.options);
  return true;
}

// Of the body only what the parser could not yet take is kept: a piece of a chunk's header or of
// the trailers. Returns false.
bool HttpConnection::keepUnparsed() {
  if (!parsing_->headerSeen) return false;
  input_.erase(0, std::exchange(parsed_, 0));
  if (input_.size() > port().maxHeaderBytes) refuse(400);
  return false;
}

bool HttpConnection::acceptHeader() {
  const auto& request = parsing_->parser.get();
  const int status = judgeHeader(request, parsing_->header, port().maxHeadersCount);
  if (status != 0) {
    refuse(status);
    return false;
  }
  if (request.count(http::field::expect) > 0) {
    if (!boost::beast::iequals(request[http::field::expect], "100-continue")) {
      refuse(417);
      return false;
    }
    write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return true;
}

void HttpConnection::dispatch() {
  const bool connectionUpgrade = parsing_->parser.upgrade();
  HttpRequest request;
  request.header = std::move(parsing_->header);
  auto message = parsing_->parser.release();
  parsing_.reset();
  keepAlive_ = message.keep_alive();
  isHead_ = message.method() == http::verb::head;
  isHttp10_ = message.version() == 10;

  request.method = text(message.method_string());
  request.target = text(message.target());
  std::optional<std::string> upgrade;
  std::optional<std::string> key;
  std::optional<std::string> version;
  std::optional<std::string> acceptEncoding;
  std::optional<std::string> contentType;
  std::optional<std::string> userAgent;
  for (const auto& field : message) {
    switch (field.name()) {
      case http::field::origin:
        join(request.origin, field.value());
        break;
      case http::field::content_type:
        if (!contentType) contentType = text(field.value());
        break;
      case http::field::upgrade:
        join(upgrade, field.value());
        break;
      case http::field::sec_websocket_key:
        join(key, field.value());
        break;
      case http::field::sec_websocket_version:
        join(version, field.value());
        break;
      case http::field::sec_websocket_protocol:
        join(request.protocols, field.value());
        break;
      case http::field::sec_websocket_extensions:
        join(request.extensions, field.value());
        break;
      case http::field::accept_encoding:
        join(acceptEncoding, field.value());
        break;
      case http::field::user_agent:
        if (!userAgent) userAgent = text(field.value());
        break;
      default:
        break;
    }
  }
  request.upgrade = std::move(upgrade).value_or("");
  request.key = std::move(key).value_or("");
  request.version = std::move(version).value_or("");
  request.acceptEncoding = std::move(acceptEncoding).value_or("");
  request.contentType = std::move(contentType).value_or("");
  isOldExplorer_ = userAgent && isOldExplorer(*userAgent);
  request.isUpgrade = connectionUpgrade && !request.upgrade.empty();
  request.body = std::move(message.body());

  state_ = State::kAnswering;
  deadline_.reset();  // a poll may wait as long as its session lives
  input_.erase(0, std::exchange(parsed_, 0));
  if (request.isUpgrade) {
    router_.onUpgrade(*this, std::move(request));
  } else {
    router_.onRequest(*this, std::move(request));
  }
}

void HttpConnection::respond(const HttpResponse& response, std::string_view lines,
                             protocol::ContentCoding coding) {
  if (state_ != State::kAnswering) return;
  ResponseContext context{.isHttp10 = isHttp10_,
                          .isHead = isHead_,
                          .keepAlive = keepAlive_ && router_.keepsAlive(),
                          .keepAliveTimeout = port().keepAliveTimeout,
                          .coding = coding,
                          .isForOldExplorer = isOldExplorer_,
                          .lines = lines,
                          .date = environment_.date.now()};
  const auto bytes = formatResponse(response, context);
  keepAlive_ = context.keepAlive;
  state_ = keepAlive_ ? State::kReading : State::kEnding;
  requestStart_ = environment_.now();
  setDeadline(requestStart_, kWriteTimeout);
  write(bytes);
  if (!advancing_ && !input_.empty()) advanceLater();
}

// Serves what was pipelined, but not under the feet of a session that is still answering.
void HttpConnection::advanceLater() {
  asio::post(environment_.io, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->advance();
  });
}

void HttpConnection::respondRaw(std::string_view bytes) {
  if (state_ == State::kGone) return;
  state_ = State::kEnding;
  setDeadline(environment_.now(), kWriteTimeout);
  write(bytes);
}

void HttpConnection::refuse(int status) {
  if (status != kBodyTooLong) return respondRaw(formatRefusal(status));
  // Not Node's word but the engine's, as it is for whom JavaScript serves.
  ResponseContext context{.isHttp10 = parsing_->parser.get().version() == 10,
                          .date = environment_.date.now()};
  respondRaw(formatResponse({.status = status, .chunked = true}, context));
}

void HttpConnection::write(std::string_view bytes) {
  queue_.append(protocol::asBytes(bytes));
  flush();
}

void HttpConnection::flush() {
  SendQueue::Buffers buffers;
  while (!queue_.empty()) {
    const auto gathered = queue_.gather(buffers);
    const auto size = asio::buffer_size(gathered);
    const auto written = stream_->write(gathered);
    queue_.consume(written);
    if (written < size) {
      if (written > 0 && deadline_) setDeadline(environment_.now(), kWriteTimeout);
      return;
    }
  }
  if (state_ == State::kReading && !parsing_) return awaitRequest();
  if (state_ != State::kEnding) return;
  if (peerEnded_) return destroy();
  setDeadline(environment_.now(), kLingerTimeout);
  stream_->shutdownWrite();
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
  if (isWaiting() && (parsing_ || !input_.empty())) return refuse(408);
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

void HttpConnection::destroy() {
  if (stream_) stream_->close();
  gone();
}

void HttpConnection::gone() {
  if (state_ == State::kGone) return;
  state_ = State::kGone;
  router_.onGone(*this);
}

}  // namespace beastio::transport
