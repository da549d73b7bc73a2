// How an HttpConnection answers: what it writes, and how far its client has taken it.
#include <utility>

#include "beastio/host/reply.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/http/http-parsing.hpp"
#include "transport/http/http-response.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::transport {

ResponseContext HttpConnection::contextOfAnswer() {
  return {.isHttp10 = isHttp10_,
          .isHead = isHead_,
          .keepAlive = keepAlive_ && router_.keepsAlive(),
          .keepAliveTimeout = port().keepAliveTimeout,
          .isForOldExplorer = isOldExplorer_,
          .firstLines = firstLines_,
          .date = environment_.date.now()};
}

void HttpConnection::respond(const Reply& reply, std::string_view lines,
                             protocol::ContentCoding coding) {
  if (state_ != State::kAnswering) return;
  environment_.counters.statuses.count(reply.status);
  auto context = contextOfAnswer();
  context.coding = coding;
  context.lines = lines;
  const auto bytes = formatResponse(reply, context);
  send(bytes, nullptr, context.keepAlive);
}

void HttpConnection::answer(const AnswerHead& head, std::shared_ptr<const std::string> body) {
  if (state_ != State::kAnswering) return;
  environment_.counters.statuses.count(head.status);
  const auto context = contextOfAnswer();
  const auto bytes = formatHead(head, context);
  send(bytes, isHead_ ? nullptr : std::move(body), context.keepAlive);
}

void HttpConnection::send(std::string_view bytes, std::shared_ptr<const std::string> body,
                          bool keepAlive) {
  keepAlive_ = keepAlive;
  state_ = keepAlive_ ? State::kReading : State::kEnding;
  requestStart_ = environment_.now();
  setDeadline(requestStart_, kWriteTimeout);
  queue_.append(protocol::asBytes(bytes));
  if (body) queue_.append(std::move(body));
  firstLines_.clear();
  flush();
  if (!advancing_ && !input_.empty()) advanceLater();
}

void HttpConnection::respondRaw(std::string_view bytes) {
  if (state_ == State::kGone) return;
  state_ = State::kEnding;
  setDeadline(environment_.now(), kWriteTimeout);
  write(bytes);
}

void HttpConnection::refuse(int status) {
  if (parsing_ && parsing_->isAnnounced) router_.onBodyGivenUp(*this, status == kBodyTooLong);
  if (state_ == State::kGone) return;  // with its session
  environment_.counters.statuses.count(status);
  if (status == kBodyTooLong) {
    // Not Node's word but the engine's, as it is for whom JavaScript serves.
    ResponseContext context{.isHttp10 = parsing_->parser.get().version() == 10,
                            .firstLines = firstLines_,
                            .date = environment_.date.now()};
    respondRaw(formatResponse({.status = status, .chunked = true}, context));
  } else {
    respondRaw(formatRefusal(status));
  }
  forget();
}

// Nothing more is parsed; what was read until now must not wait for the end.
void HttpConnection::forget() {
  parsing_.reset();
  input_ = {};
  parsed_ = 0;
}

void HttpConnection::write(std::string_view bytes) {
  queue_.append(protocol::asBytes(bytes));
  flush();
}

void HttpConnection::flush() {
  SendQueue::Buffers buffers;
  while (!queue_.empty()) {
    const auto gathered = queue_.gather(buffers);
    const auto size = protocol::sizeOf(gathered);
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

}  // namespace beastio::transport
