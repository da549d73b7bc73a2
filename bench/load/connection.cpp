// The handshake, packet by packet, and gathered writes.
#include "connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.hpp"
#include "frame.hpp"

namespace load {
namespace {

// The key is a constant: that the server answers it rightly is for the conformance tests to say.
constexpr std::string_view kUpgradeRequest =
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
    "Host: 127.0.0.1\r\n"
    "Connection: Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: bG9hZCBnZW5lcmF0b3IhIQ==\r\n"
    "\r\n";
constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::size_t kShownBytes = 120;

std::string shown(std::string_view bytes) {
  const bool cut = bytes.size() > kShownBytes;
  return "'" + std::string(bytes.substr(0, kShownBytes)) + (cut ? "…'" : "'");
}

}  // namespace

Connection::Connection(std::size_t index, std::uint16_t port)
    : index_(index),
      maskState_(static_cast<std::uint32_t>(index) * 2654435761U + 1),
      outgoing_(kUpgradeRequest) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) failWithErrno("cannot make a socket");
  // A blocking connect is immediate on loopback, where the kernel completes it from the backlog.
  if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    close(descriptor_);
    errno = error;
    failWithErrno("connection " + std::to_string(index) + " was refused");
  }
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(descriptor_, F_SETFL, O_NONBLOCK);
}

Connection::~Connection() { close(descriptor_); }

void Connection::queue(std::string_view packet) {
  appendFrame(outgoing_, Opcode::kText, packet, nextMask());
}

void Connection::flush() {
  if (outgoing_.empty()) return;
  const ssize_t sent = send(descriptor_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    outgoing_.erase(0, static_cast<std::size_t>(sent));
  } else if (errno != EAGAIN) {
    fail(std::string("lost while sending: ") + std::strerror(errno));
  }
}

void Connection::receive(std::span<char> buffer, PacketSink& sink) {
  const ssize_t count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count == 0) fail("closed by the server without a close frame");
  if (count < 0) {
    if (errno == EAGAIN) return;
    fail(std::string("lost: ") + std::strerror(errno));
  }
  const auto now = Clock::now();
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
  if (incoming_.empty()) {
    incoming_ = consume(bytes, sink, now);
  } else {
    incoming_.append(bytes);
    incoming_.erase(0, incoming_.size() - consume(incoming_, sink, now).size());
  }
}

std::string_view Connection::consume(std::string_view bytes, PacketSink& sink,
                                     Clock::time_point now) {
  if (stage_ == Stage::kUpgrading) {
    const std::size_t end = bytes.find(kEndOfHead);
    if (end == std::string_view::npos) return bytes;
    onUpgradeResponse(bytes.substr(0, end));
    stage_ = Stage::kOpening;
    bytes.remove_prefix(end + kEndOfHead.size());
  }
  while (const auto frame = parseFrame(bytes)) {
    switch (frame->opcode) {
      case Opcode::kText:
        onText(frame->payload, sink, now);
        break;
      case Opcode::kPing:
        appendFrame(outgoing_, Opcode::kPong, frame->payload, nextMask());
        break;
      case Opcode::kPong:
        break;
      case Opcode::kClose:
        fail("closed by the server with " + (frame->payload.size() < 2
                                                 ? "an empty close frame"
                                                 : "reason " + shown(frame->payload.substr(2))));
      default:
        fail("got a frame with opcode " + std::to_string(static_cast<int>(frame->opcode)));
    }
    bytes.remove_prefix(frame->size);
  }
  return bytes;
}

void Connection::onUpgradeResponse(std::string_view head) const {
  if (!head.starts_with("HTTP/1.1 101 ")) fail("refused the upgrade with " + shown(head));
}

void Connection::onText(std::string_view packet, PacketSink& sink, Clock::time_point now) {
  if (packet == "2" && stage_ != Stage::kOpening) {
    queue("3");
  } else if (stage_ == Stage::kReady && packet.starts_with("42")) {
    sink.onPacket(index_, packet, now);
  } else if (stage_ == Stage::kOpening && packet.starts_with("0{")) {
    queue("40");
    stage_ = Stage::kJoining;
  } else if (stage_ == Stage::kJoining && packet.starts_with("40{")) {
    stage_ = Stage::kReady;
  } else {
    fail("got an unexpected packet " + shown(packet));
  }
}

void Connection::fail(const std::string& what) const {
  throw LoadError("connection " + std::to_string(index_) + ": " + what);
}

/// Xorshift: the mask protects proxies from scripts, and here there are neither.
std::uint32_t Connection::nextMask() {
  maskState_ ^= maskState_ << 13;
  maskState_ ^= maskState_ >> 17;
  maskState_ ^= maskState_ << 5;
  return maskState_;
}

}  // namespace load
