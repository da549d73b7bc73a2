#include "transport/http-connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

namespace beastio::transport {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// Beast 345 (Boost 1.81) leaves chunk extensions unlimited.
struct ChunkHeaderCheck {
  void operator()(std::uint64_t, boost::beast::string_view extensions, error_code& error) const {
    if (extensions.size() > HttpConnection::kMaxHeaderBytes) {
      error = http::error::bad_chunk_extension;
    }
  }
};

}  // namespace

struct HttpConnection::Parsing {
  explicit Parsing(std::size_t maxBodyBytes) {
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(maxBodyBytes);
    parser.on_chunk_header(checkChunkHeader);
  }

  http::request_parser<http::string_body> parser;
  ChunkHeaderCheck checkChunkHeader;  // the parser refers to it
  bool headerSeen = false;
};

namespace {

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

template <class Fields>
std::string valueOf(const Fields& fields, http::field name) {
  return text(fields[name]);
}

// What Beast's parser accepts and Node's does not; each can smuggle a request past a proxy.
bool isStrictlyValid(const http::request<http::string_body>& request, std::string_view raw) {
  const auto count = [&request](http::field name) { return request.count(name); };
  if (request.version() != 11 && request.version() != 10) return false;
  if (count(http::field::host) > 1) return false;
  if (request.version() == 11 && count(http::field::host) != 1) return false;
  if (count(http::field::content_length) > 1) return false;
  const auto length = request[http::field::content_length];
  if (!std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  if (count(http::field::transfer_encoding) > 0) {
    if (request.version() == 10 || count(http::field::transfer_encoding) > 1) return false;
    if (!boost::beast::iequals(request[http::field::transfer_encoding], "chunked")) return false;
  }
  const auto target = request.target();
  if (target.empty() || (target.front() != '/' && target != "*")) return false;
  if (std::any_of(target.begin(), target.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x7F || static_cast<unsigned char>(c) <= 0x20;
      })) {
    return false;
  }
  const auto fields = std::distance(request.begin(), request.end());
  if (static_cast<std::size_t>(fields) > HttpConnection::kMaxHeaderFields) return false;
  return raw.find("\r\n ") == std::string_view::npos &&
         raw.find("\r\n\t") == std::string_view::npos;
}

std::string serialize(http::response<http::string_body>& response) {
  std::string out;
  http::response_serializer<http::string_body> serializer(response);
  error_code error;
  while (!serializer.is_done() && !error) {
    serializer.next(error, [&](error_code&, const auto& buffers) {
      for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers);
           ++it) {
        out.append(static_cast<const char*>((*it).data()), (*it).size());
      }
      serializer.consume(asio::buffer_size(buffers));
    });
  }
  return out;
}

int statusOf(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

}  // namespace

HttpConnection::HttpConnection(Environment& environment, HttpRouter& router,
                               std::shared_ptr<TcpStream> stream, RequestId id)
    : TimerClient(environment.timers),
      environment_(environment),
      router_(router),
      stream_(std::move(stream)),
      id_(id),
      requestStart_(environment.now()),
      queue_(environment.spareChunks) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::start(std::string_view bytes) {
  setDeadline(requestStart_ + kHeaderTimeout);
  input_.assign(bytes);
  advance();
  if (state_ != State::kGone) stream_->setOwner(*this);
}

void HttpConnection::onBytes(protocol::MutableBytes bytes) {
  if (state_ == State::kGone || state_ == State::kEnding) return;
  const bool busy = state_ == State::kAnswering || !queue_.empty();
  if (!busy && !parsing_) {
    requestStart_ = environment_.now();
    setDeadline(requestStart_ + kHeaderTimeout);
  }
  input_.append(protocol::asText(bytes));
  if (!busy) return advance();
  if (input_.size() > kMaxPipelinedBytes) destroy();
}

// Serves requests until one has to wait: for bytes, for its answer, or for the answer before it to
// be written, because a router may take the stream and with it what is unwritten.
void HttpConnection::advance() {
  advancing_ = true;
  while (state_ == State::kReading && queue_.empty() && !input_.empty() && parse()) {
  }
  advancing_ = false;
}

// Returns whether a whole request was dispatched.
bool HttpConnection::parse() {
  if (!parsing_) {
    input_.erase(0, input_.find_first_not_of("\r\n"));  // RFC 9112 §2.2: empty lines before it
    if (input_.empty()) return false;
    parsing_ = std::make_unique<Parsing>(environment_.options->maxHttpBufferSize);
  }
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
      if (!acceptHeader(std::string_view(input_).substr(0, parsed_))) return false;
      setDeadline(requestStart_ + kRequestTimeout);
    }
    if (consumed == 0 && !parser.is_done()) return keepUnparsed();
  }
  dispatch();
  return true;
}

// The header stays whole until a router has seen it, then only what the parser could not yet take:
// a piece of a chunk's header or of the trailers. Returns false.
bool HttpConnection::keepUnparsed() {
  if (!parsing_->headerSeen) return false;
  input_.erase(0, std::exchange(parsed_, 0));
  if (input_.size() > kMaxHeaderBytes) refuse(400);
  return false;
}

bool HttpConnection::acceptHeader(std::string_view raw) {
  const auto& request = parsing_->parser.get();
  if (!isStrictlyValid(request, raw)) {
    refuse(400);
    return false;
  }
  if (!router_.onHeader(*this, {request.target().data(), request.target().size()})) return false;
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
  auto message = parsing_->parser.release();
  parsing_.reset();
  keepAlive_ = message.keep_alive();
  headRequest_ = message.method() == http::verb::head;

  HttpRequest request;
  request.method = text(message.method_string());
  request.target = text(message.target());
  if (message.count(http::field::origin) > 0) {
    request.origin = valueOf(message, http::field::origin);
  }
  request.contentType = valueOf(message, http::field::content_type);
  request.upgrade = valueOf(message, http::field::upgrade);
  request.key = valueOf(message, http::field::sec_websocket_key);
  request.version = valueOf(message, http::field::sec_websocket_version);
  request.protocols = valueOf(message, http::field::sec_websocket_protocol);
  if (message.count(http::field::sec_websocket_extensions) > 0) {
    request.extensions = valueOf(message, http::field::sec_websocket_extensions);
  }
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

void HttpConnection::respond(const HttpResponse& response) {
  if (state_ != State::kAnswering) return;
  http::response<http::string_body> message;
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  const auto type = toString(response.type);
  if (!type.empty()) message.set(http::field::content_type, {type.data(), type.size()});
  if (response.noStore) message.set(http::field::cache_control, "no-store");
  message.set(http::field::connection, keepAlive_ ? "keep-alive" : "close");
  message.body() = response.body;
  message.prepare_payload();
  if (headRequest_) message.body().clear();
  state_ = keepAlive_ ? State::kReading : State::kEnding;
  requestStart_ = environment_.now();
  setDeadline(requestStart_ + kHeaderTimeout);
  write(serialize(message));
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
  setDeadline(environment_.now() + kHeaderTimeout);
  write(bytes);
}

void HttpConnection::refuse(int status) {
  keepAlive_ = false;
  state_ = State::kAnswering;
  respond(HttpResponse{.status = status});
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
      if (written > 0 && deadline_) setDeadline(environment_.now() + kHeaderTimeout);
      return;
    }
  }
  if (state_ != State::kEnding) return;
  if (peerEnded_) return destroy();
  stream_->shutdownWrite();
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

void HttpConnection::setDeadline(std::chrono::steady_clock::time_point deadline) {
  deadline_ = deadline;
  armTimer(deadline);
}

void HttpConnection::onTimer(std::chrono::steady_clock::time_point now) {
  if (state_ == State::kGone || !deadline_) return;
  if (now < *deadline_) return armTimer(*deadline_);
  if (state_ == State::kReading && parsing_) return refuse(408);
  destroy();
}

std::shared_ptr<ByteStream> HttpConnection::takeStream(std::string& head) {
  head = std::exchange(input_, {});
  auto stream = std::exchange(stream_, nullptr);
  gone();
  return stream;
}

int HttpConnection::release(std::string& bytes) {
  bytes = std::move(input_);
  input_.clear();
  const auto stream = std::exchange(stream_, nullptr);
  const int descriptor = stream->release();
  gone();
  return descriptor;
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
