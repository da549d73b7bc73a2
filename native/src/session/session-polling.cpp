// The polling transport of a session: polls and posts come in, answers go out.
#include <array>
#include <utility>

#include "beastio/host/reply.hpp"
#include "beastio/message.hpp"
#include "beastio/names.hpp"
#include "protocol/text/utf8.hpp"
#include "session/incoming-message.hpp"
#include "session/post-reader.hpp"
#include "session/session.hpp"
#include "session/settings.hpp"

namespace beastio::session {
namespace {

using protocol::PacketType;
using protocol::PacketView;

constexpr Reply kPostTaken{
    .status = 200, .type = ContentType::kHtml, .noStore = true, .body = "ok"};

Reply emptyReply(int status) { return Reply{.status = status}; }

}  // namespace

void Session::onPoll(std::unique_ptr<HttpExchange> poll) {
  affinity_.check();
  switch (polls_.onPoll(poll)) {
    case PollBuffer::Action::kRefuse:
      fail("overlap from client");
      return poll->respond(emptyReply(400));
    case PollBuffer::Action::kFlush:
      return flush();
    case PollBuffer::Action::kWait:
      break;
  }
  if (state_ != State::kClosing) return;
  constexpr std::array<PacketView, 2> kGoodbye{PacketView{.type = PacketType::kNoop},
                                               PacketView{.type = PacketType::kClose}};
  answerPoll(kGoodbye);
  end(CloseReason::kForcedClose);
}

void Session::onPost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
                     std::string_view body, TimePoint now) {
  affinity_.check();
  if (!pause_ || state_ == State::kClosed) return takePost(std::move(post), contentType, body, now);
  if (pause_->post) {
    post->respond(emptyReply(400));
    return fail("data request overlap from client");
  }
  pause_->post = std::make_unique<HeldPost>(std::move(post), body, host_.counters().heldPosts);
  pause_->post->contentType = contentType;
}

void Session::takePost(std::unique_ptr<HttpExchange> post, std::string_view contentType,
                       std::string_view body, TimePoint now) {
  const bool binary = contentType == "application/octet-stream";
  if (binary && protocol() == 4) {
    post->respond(emptyReply(400));
    return fail("invalid content");
  }
  std::string wellFormed;
  auto kind = binary ? protocol::TextKind::kUtf16 : protocol::classifyUtf8(body);
  if (kind == protocol::TextKind::kInvalid) {
    protocol::appendWellFormedUtf8(body, wellFormed);
    body = wellFormed;
  }
  // A form of JSONP escapes characters that are not ASCII.
  const bool isAscii = kind == protocol::TextKind::kAscii && !dialect_.jsonp;
  if (!host_.settings().hasRate) {
    PostReader reader(dialect_, body, binary);
    readPost(reader, isAscii, now);
    return post->respond(kPostTaken);
  }
  // Its client may be paused before its end.
  auto held = std::make_unique<HeldPost>(std::move(post), body, host_.counters().heldPosts);
  held->reader = std::make_unique<PostReader>(dialect_, held->body, binary);
  held->isAscii = isAscii;
  readHeld(std::move(held), now);
}

void Session::readHeld(std::unique_ptr<HeldPost> post, TimePoint now) {
  if (!post->reader) {
    return takePost(std::move(post->exchange), post->contentType, post->body, now);
  }
  if (readPost(*post->reader, post->isAscii, now)) return post->exchange->respond(kPostTaken);
  pause_->post = std::move(post);
}

HeldPost::HeldPost(std::unique_ptr<HttpExchange> post, std::string_view bytes,
                   base::Counter& counter)
    : exchange(std::move(post)), body(bytes), counted(counter, body.size()) {}
HeldPost::~HeldPost() = default;

// The session ends: what the POST has brought is dropped.
void Session::answerHeldPost() {
  if (!pause_) return;
  if (const auto post = std::exchange(pause_->post, nullptr)) post->exchange->respond(kPostTaken);
}

// Returns false if the client has been too fast meanwhile: the rest is to wait.
bool Session::readPost(PostReader& reader, bool isAscii, TimePoint now) {
  while (state_ != State::kClosed) {
    if (pause_ && pause_->until) return false;
    PacketView packet;
    const auto result = reader.next(packet);
    if (result == PostReader::Result::kEnd) return true;
    if (result == PostReader::Result::kError) {
      if (state_ == State::kOpen) end(CloseReason::kParseError);
      return true;
    }
    if (packet.type == PacketType::kClose) {
      if (polls_.hasPoll()) answerPoll(PacketType::kNoop);
      end(CloseReason::kTransportClose);
    } else {
      onPacket(packet, encodingOf(packet.data, packet.binary || isAscii), now);
    }
  }
  return true;
}

bool Session::beginPost(RequestId connection) {
  if (post_ != 0 && post_ != connection) {
    fail("data request overlap from client");
    return false;
  }
  post_ = connection;
  return true;
}

void Session::endPost(RequestId connection, bool cut) {
  if (post_ != connection) return;
  post_ = 0;
  if (cut) fail("data request connection closed prematurely");
}

void Session::onOtherMethod(std::unique_ptr<HttpExchange> exchange) {
  exchange->respond(emptyReply(500));
}

void Session::onAborted(RequestId request) {
  affinity_.check();
  if (!polls_.isPoll(request)) return;
  polls_.takePoll();
  fail("poll connection closed prematurely");
}

void Session::flush() {
  affinity_.check();
  if (!polls_.beginFlush()) return;
  const auto buffered = polls_.takePackets();
  std::vector<PacketView> packets;
  packets.reserve(buffered.size());
  bool compress = false;
  for (const auto& packet : buffered) {
    packets.push_back({packet.type, packet.binary, packet.data});
    compress = compress || packet.compress;
  }
  answerPoll(packets, compress);
  settle();
}

void Session::answerPoll(std::span<const PacketView> packets, bool compress,
                         std::string_view openedSid) {
  const auto poll = polls_.takePoll();
  const auto answer = encodePoll(dialect_, packets);
  poll->respond({.status = 200,
                 .type = answer.binary ? ContentType::kOctetStream : ContentType::kText,
                 .noStore = true,
                 .compress = compress,
                 .body = answer.body,
                 .openedSid = openedSid});
}

void Session::answerPoll(PacketType type) {
  const PacketView packet{.type = type};
  answerPoll({&packet, 1});
}

}  // namespace beastio::session
