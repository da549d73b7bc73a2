#include "transport/http-connection.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

namespace beastio::transport {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

struct HttpConnection::Parsing {
  http::request_parser<http::string_body> parser;
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
  armTimer(requestStart_ + kHeaderTimeout);
  input_.assign(bytes);
  if (!input_.empty()) advance();
  if (state_ != State::kGone && stream_) stream_->setOwner(*this);
}

void HttpConnection::onBytes(protocol::MutableBytes bytes) {
  if (state_ == State::kGone || state_ == State::kEnding) return;
  if (input_.empty()) {
    requestStart_ = environment_.now();
    armTimer(requestStart_ + kHeaderTimeout);
  }
  input_.append(protocol::asText(bytes));
  if (state_ == State::kAnswering) {
    if (input_.size() > kMaxPipelinedBytes) destroy();
    return;
  }
  advance();
}

// Serves requests until one has to wait, for bytes or for its answer.
void HttpConnection::advance() {
  if (advancing_) return;
  advancing_ = true;
  while (state_ == State::kReading && !input_.empty() && parse()) {
  }
  advancing_ = false;
}

// Returns whether a whole request was dispatched.
bool HttpConnection::parse() {
  if (!parsing_) {
    parsing_ = std::make_unique<Parsing>();
    parsing_->parser.header_limit(kMaxHeaderBytes);
    parsing_->parser.body_limit(environment_.options->maxHttpBufferSize);
  }
  auto& parser = parsing_->parser;
  error_code error;
  while (!parser.is_done()) {
    const auto rest = std::string_view(input_).substr(parsed_);
    if (rest.empty() && !parser.is_header_done()) return false;
    const auto consumed = parser.put(asio::buffer(rest.data(), rest.size()), error);
    parsed_ += consumed;
    if (error == http::error::need_more) return false;
    if (error) {
      refuse(statusOf(error));
      return false;
    }
    if (parser.is_header_done() && !parsing_->headerSeen) {
      parsing_->headerSeen = true;
      bodyStart_ = parsed_;
      if (!acceptHeader()) return false;
    }
    if (consumed == 0 && !parser.is_done()) return false;
  }
  dispatch();
  return true;
}

bool HttpConnection::acceptHeader() {
  const auto& request = parsing_->parser.get();
  if (!isStrictlyValid(request, std::string_view(input_).substr(0, bodyStart_))) {
    refuse(400);
    return false;
  }
  if (request.count(http::field::expect) > 0) {
    if (!boost::beast::iequals(request[http::field::expect], "100-continue")) {
      refuse(417);
      return false;
    }
    write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return router_.onHeader(*this, {request.target().data(), request.target().size()});
}

void HttpConnection::dispatch() {
  auto message = parsing_->parser.release();
  parsing_.reset();
  keepAlive_ = message.keep_alive();
  headRequest_ = message.method() == http::verb::head;

  HttpRequest request;
  request.method = text(message.method_string());
  request.target = text(message.target());
  if (message.count(http::field::origin) > 0)
    request.origin = valueOf(message, http::field::origin);
  request.contentType = valueOf(message, http::field::content_type);
  request.upgrade = valueOf(message, http::field::upgrade);
  request.key = valueOf(message, http::field::sec_websocket_key);
  request.version = valueOf(message, http::field::sec_websocket_version);
  request.protocols = valueOf(message, http::field::sec_websocket_protocol);
  request.isUpgrade = !request.upgrade.empty() &&
                      http::token_list(message[http::field::connection]).exists("upgrade");
  request.body = std::move(message.body());

  state_ = State::kAnswering;
  if (request.isUpgrade) {
    router_.onUpgrade(*this, std::move(request));
  } else {
    input_.erase(0, parsed_);
    parsed_ = 0;
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
  armTimer(requestStart_ + kHeaderTimeout);
  write(serialize(message));
  advance();
}

void HttpConnection::respondRaw(std::string_view bytes) {
  if (state_ == State::kGone) return;
  state_ = State::kEnding;
  armTimer(environment_.now() + kHeaderTimeout);
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
  while (stream_ && !queue_.empty()) {
    const auto gathered = queue_.gather(buffers);
    const auto size = asio::buffer_size(gathered);
    const auto written = stream_->write(gathered);
    queue_.consume(written);
    if (written < size) return;
  }
  if (stream_ && state_ == State::kEnding) stream_->shutdownWrite();
}

void HttpConnection::onWritable() { flush(); }

void HttpConnection::onStreamClosed(std::string_view) { gone(); }

void HttpConnection::onTimer(std::chrono::steady_clock::time_point now) {
  if (state_ == State::kGone) return;
  if (state_ == State::kEnding) return destroy();
  if (state_ == State::kAnswering) return;  // a poll may wait as long as its session lives
  const bool inBody = parsing_ && parsing_->headerSeen;
  const auto deadline = requestStart_ + (inBody ? kRequestTimeout : kHeaderTimeout);
  if (now < deadline) return armTimer(deadline);
  if (input_.empty()) return destroy();
  refuse(408);
}

std::shared_ptr<ByteStream> HttpConnection::takeStream(std::string& head) {
  head = input_.substr(parsed_);
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
