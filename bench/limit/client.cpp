// The upgrade, frames, and the few packets of Socket.IO that have an answer.
#include "client.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace limit {
namespace {

constexpr std::string_view kKeyField = "Sec-WebSocket-Key: ";
constexpr std::string_view kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::string_view kOpenPacket =
    "0{\"sid\":\"limit\",\"upgrades\":[],\"pingInterval\":600000,\"pingTimeout\":600000,"
    "\"maxPayload\":1000000}";
constexpr std::string_view kSid = "{\"sid\":\"limit\"}";
constexpr std::string_view kAckEvent = "[\"ack\",";
constexpr std::uint8_t kText = 1;
constexpr std::uint8_t kBinary = 2;
constexpr std::uint8_t kClose = 8;

std::string acceptKey(std::string_view key) {
  const std::string text = std::string(key).append(kKeySuffix);
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char encoded[4 * (SHA_DIGEST_LENGTH + 2) / 3 + 1];
  EVP_EncodeBlock(encoded, digest, sizeof digest);
  return reinterpret_cast<const char*>(encoded);
}

void appendHeader(std::string& out, std::uint8_t opcode, std::size_t size) {
  out.push_back(static_cast<char>(0x80 | opcode));
  if (size < 126) {
    out.push_back(static_cast<char>(size));
    return;
  }
  const unsigned width = size <= 0xFFFF ? 2 : 8;
  out.push_back(width == 2 ? 126 : 127);
  for (unsigned i = width; i-- > 0;) {
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(size) >> (8 * i) & 0xFF));
  }
}

void appendFrame(std::string& out, std::uint8_t opcode, std::string_view payload) {
  appendHeader(out, opcode, payload.size());
  out.append(payload);
}

void unmask(char* data, std::size_t size, const char* key) {
  std::uint32_t mask = 0;
  std::memcpy(&mask, key, sizeof mask);
  const std::uint64_t wide = std::uint64_t{mask} << 32 | mask;
  std::size_t at = 0;
  for (; at + sizeof wide <= size; at += sizeof wide) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + at, sizeof word);
    word ^= wide;
    std::memcpy(data + at, &word, sizeof word);
  }
  for (; at < size; ++at) data[at] = static_cast<char>(data[at] ^ key[at % sizeof mask]);
}

/// A frame as its first bytes tell it.
struct Head {
  std::size_t size = 0;  // of itself, with the mask
  std::uint64_t length = 0;
};

/// Returns a size of zero while the head is incomplete.
Head parseHead(std::span<const char> bytes) {
  if (bytes.size() < 2) return {};
  std::uint64_t length = static_cast<std::uint8_t>(bytes[1]) & 0x7F;
  const std::size_t width = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (bytes.size() < 2 + width + 4) return {};
  if (width > 0) {
    length = 0;
    for (const char byte : bytes.subspan(2, width)) {
      length = length << 8 | static_cast<std::uint8_t>(byte);
    }
  }
  return {.size = 2 + width + 4, .length = length};
}

}  // namespace

Client::~Client() { close(descriptor_); }

bool Client::receive(std::span<char> buffer, Audience& audience) {
  const ssize_t count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return count < 0 && errno == EAGAIN;
  const std::span<char> bytes = buffer.first(static_cast<std::size_t>(count));
  if (incoming_.empty()) {
    const std::size_t done = consume(bytes, audience);
    incoming_.assign(bytes.data() + done, bytes.size() - done);
  } else {
    incoming_.append(bytes.data(), bytes.size());
    incoming_.erase(0, consume(incoming_, audience));
  }
  return true;
}

void Client::flush() {
  if (outgoing_.empty()) {
    blocked_ = false;
    return;
  }
  const ssize_t sent = send(descriptor_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
  if (sent > 0) outgoing_.erase(0, static_cast<std::size_t>(sent));
  blocked_ = !outgoing_.empty();
}

std::size_t Client::consume(std::span<char> bytes, Audience& audience) {
  std::size_t done = open_ ? 0 : upgrade({bytes.data(), bytes.size()});
  while (open_) {
    const std::span<char> rest = bytes.subspan(done);
    const Head head = parseHead(rest);
    if (head.size == 0 || rest.size() - head.size < head.length) break;
    char* payload = rest.data() + head.size;
    unmask(payload, head.length, payload - 4);
    const auto opcode = static_cast<std::uint8_t>(rest[0] & 0x0F);
    onMessage(opcode, {payload, head.length}, audience);
    done += head.size + head.length;
  }
  return done;
}

std::size_t Client::upgrade(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const std::size_t key = bytes.find(kKeyField) + kKeyField.size();
  outgoing_.append(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ");
  outgoing_.append(acceptKey(bytes.substr(key, bytes.find('\r', key) - key))).append("\r\n\r\n");
  appendFrame(outgoing_, kText, kOpenPacket);
  open_ = true;
  return end + 4;
}

void Client::onMessage(std::uint8_t opcode, std::string_view payload, Audience& audience) {
  if (opcode == kClose) {
    shutdown(descriptor_, SHUT_RDWR);
  } else if (opcode == kBinary) {
    appendFrame(outgoing_, kBinary, payload);
  } else if (opcode != kText) {
    return;
  } else if (payload.starts_with("40")) {
    appendFrame(outgoing_, kText, std::string(payload).append(kSid));
  } else if (payload.starts_with("42[\"bcast\"")) {
    std::string frame;
    appendFrame(frame, kText, payload);
    audience.broadcast(frame);
  } else if (payload.starts_with("42[") || payload.starts_with("42/") ||
             payload.starts_with("45")) {
    appendFrame(outgoing_, kText, payload);  // an echo is the same packet
  } else if (payload.starts_with("42")) {
    const std::size_t event = payload.find(kAckEvent);
    const std::string_view id = payload.substr(2, event - 2);
    const std::string_view value = payload.substr(event + kAckEvent.size());
    appendHeader(outgoing_, kText, 2 + id.size() + 1 + value.size());
    outgoing_.append("43").append(id).append("[").append(value);
  }
}

}  // namespace limit
