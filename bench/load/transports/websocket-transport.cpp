// The upgrade, frames and their compression.
#include "transports/websocket-transport.hpp"

#include "error.hpp"
#include "transports/frame.hpp"

namespace load {
namespace {

// The key is a constant: the conformance tests check that the server answers it rightly.
constexpr std::string_view kTarget = "/socket.io/?EIO=4&transport=websocket";
constexpr std::string_view kUpgradeRequest =
    " HTTP/1.1\r\n"
    "Host: 127.0.0.1\r\n"
    "Connection: Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: bG9hZCBnZW5lcmF0b3IhIQ==\r\n";
constexpr std::string_view kDeflateOffer =  // as browsers make it
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
constexpr std::string_view kEndOfHead = "\r\n\r\n";
// Shorter messages go as they are, and may do so from the server, too: its default threshold.
constexpr std::size_t kLeastCompressed = 1025;

}  // namespace

WebSocketTransport::WebSocketTransport(std::uint16_t port, const TlsContext* tls, bool deflate,
                                       std::uint32_t seed, std::string_view sid)
    : socket_(port, tls), maskState_(seed * 2654435761U + 1) {
  socket_.outgoing().append("GET ").append(kTarget);
  if (!sid.empty()) socket_.outgoing().append("&sid=").append(sid);
  socket_.outgoing().append(kUpgradeRequest);
  if (deflate) {
    socket_.outgoing().append(kDeflateOffer);
    deflater_.emplace();
    inflater_.emplace();
  }
  socket_.outgoing().append("\r\n");
}

void WebSocketTransport::sendText(std::string_view packet) {
  if (deflater_ && packet.size() >= kLeastCompressed) {
    appendFrame(socket_.outgoing(), Opcode::kText, Compressed::kYes, deflater_->deflate(packet),
                nextMask());
  } else {
    appendFrame(socket_.outgoing(), Opcode::kText, Compressed::kNo, packet, nextMask());
  }
}

void WebSocketTransport::sendBinary(std::string_view bytes) {
  appendFrame(socket_.outgoing(), Opcode::kBinary, Compressed::kNo, bytes, nextMask());
}

void WebSocketTransport::receive(std::size_t, std::span<char> buffer, PacketSink& sink) {
  do {
    const std::size_t count = socket_.receive(buffer);
    if (count == 0) return;
    const auto now = Clock::now();
    const std::string_view bytes(buffer.data(), count);
    if (incoming_.empty()) {
      incoming_ = consume(bytes, sink, now);
    } else {
      incoming_.append(bytes);
      incoming_.erase(0, incoming_.size() - consume(incoming_, sink, now).size());
    }
  } while (socket_.hasBuffered());
}

std::string_view WebSocketTransport::consume(std::string_view bytes, PacketSink& sink,
                                             Clock::time_point now) {
  if (!open_) {
    const std::size_t end = bytes.find(kEndOfHead);
    if (end == std::string_view::npos) return bytes;
    onUpgradeResponse(bytes.substr(0, end));
    open_ = true;
    bytes.remove_prefix(end + kEndOfHead.size());
  }
  while (const auto frame = parseFrame(bytes)) {
    const bool isData = frame->opcode == Opcode::kText || frame->opcode == Opcode::kBinary;
    if (frame->compressed && !(isData && inflater_)) throw LoadError("got a frame with RSV1");
    if (!frame->compressed && inflater_ && frame->payload.size() >= kLeastCompressed) {
      throw LoadError("was granted permessage-deflate and got a large message without it");
    }
    const std::string_view payload =
        frame->compressed ? inflater_->inflate(frame->payload) : frame->payload;
    switch (frame->opcode) {
      case Opcode::kText:
        sink.onText(payload, now);
        break;
      case Opcode::kBinary:
        sink.onBinary(payload, now);
        break;
      case Opcode::kPing:
        appendFrame(socket_.outgoing(), Opcode::kPong, Compressed::kNo, payload, nextMask());
        break;
      case Opcode::kPong:
        break;
      case Opcode::kClose:
        throw LoadError(payload.size() < 2
                            ? std::string("closed by the server with an empty close frame")
                            : "closed by the server with reason " + shown(payload.substr(2)));
      default:
        throw LoadError("got a frame with opcode " +
                        std::to_string(static_cast<int>(frame->opcode)));
    }
    bytes.remove_prefix(frame->size);
  }
  return bytes;
}

void WebSocketTransport::onUpgradeResponse(std::string_view head) {
  if (!head.starts_with("HTTP/1.1 101 ")) {
    throw LoadError("was refused the upgrade with " + shown(head));
  }
  if (!deflater_) return;
  if (head.find("permessage-deflate") == std::string_view::npos) {
    throw LoadError("was not granted permessage-deflate");
  }
  inflater_->setTakeover(head.find("server_no_context_takeover") == std::string_view::npos);
}

/// Xorshift: the mask protects proxies from scripts, and here there are neither.
std::uint32_t WebSocketTransport::nextMask() {
  maskState_ ^= maskState_ << 13;
  maskState_ ^= maskState_ >> 17;
  maskState_ ^= maskState_ << 5;
  return maskState_;
}

}  // namespace load
