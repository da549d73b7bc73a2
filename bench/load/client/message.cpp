// Stamping two 32-bit numbers as hexadecimal digits into prepared packets.
#include "client/message.hpp"

#include <algorithm>

#include "error.hpp"

namespace load {
namespace {

constexpr std::size_t kDigits = 8;
constexpr std::size_t kIdDigits = 7;
constexpr std::uint32_t kFirstId = 1'000'000;  // all ids have as many digits
constexpr std::string_view kIdPlace = "1000000";
constexpr std::string_view kNumbersPlace = "0000000000000000";

void writeHex(char* out, std::uint32_t value) {
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < kDigits; ++i) out[i] = kHex[value >> (28 - 4 * i) & 0xF];
}

void writeId(char* out, std::uint32_t value) {
  for (std::size_t i = kIdDigits; i-- > 0; value /= 10)
    out[i] = static_cast<char>('0' + value % 10);
}

/// A string of `bytes` letters that begins with the place for the numbers.
std::string text(std::size_t bytes) {
  return std::string(kNumbersPlace).append(bytes - kNumbersPlace.size(), 'm');
}

/// An object of at least `bytes`: records that differ from each other, as those of a feed do.
std::string json(std::size_t bytes) {
  std::string out = "{\"id\":\"" + std::string(kNumbersPlace) + "\",\"rows\":[";
  for (unsigned i = 1; out.size() < bytes; ++i) {
    if (i > 1) out.push_back(',');
    const unsigned price = i * 2654435761U % 100'000;
    out.append("{\"symbol\":\"S").append(std::to_string(i * 7919U % 1000));
    out.append("\",\"price\":").append(std::to_string(price)).append(".5,\"change\":-");
    out.append(std::to_string(std::max(1U, price % 97)))  // -0 would come back as 0
        .append(",\"active\":")
        .append(i % 3 == 0 ? "true" : "false");
    out.append(",\"venue\":\"exchange ").append(std::to_string(price % 11)).append("\"}");
  }
  return out.append("]}");
}

std::string value(const MessageForm& form) {
  switch (form.payload) {
    case Payload::kJson:
      return json(form.payloadBytes);
    case Payload::kBinary:
      return "{\"_placeholder\":true,\"num\":0}";
    case Payload::kText:
      break;
  }
  return "\"" + text(form.payloadBytes) + "\"";
}

void reject(std::size_t client, std::string_view got, std::string_view due) {
  throw LoadError("client " + std::to_string(client) + " got " + shown(got) + " where " +
                  shown(due) + " was due");
}

}  // namespace

Message::Message(const MessageForm& form) {
  if (form.payloadBytes < kNumbersPlace.size()) throw LoadError("a payload has 16 bytes or more");
  const bool binary = form.payload == Payload::kBinary;
  const std::string id(form.acknowledged ? kIdPlace : std::string_view());
  const std::string event = "[\"" + form.event + "\",";
  const std::string type = binary ? "451-" : "42";
  const std::string tail = value(form) + "]";
  const auto make = [](std::string bytes) {
    Template made{.bytes = std::move(bytes)};
    made.numbersAt = made.bytes.find(kNumbersPlace);
    return made;
  };
  request_ = make(type + form.prefix + id + event + form.argument + tail);
  if (form.acknowledged) {
    request_.idAt = type.size() + form.prefix.size();
    answer_ = make("43" + form.prefix + id + "[" + tail);
    answer_.idAt = 2 + form.prefix.size();
  } else if (!form.argument.empty()) {
    answer_ = make(type + form.prefix + event + tail);
  }
  if (binary) attachment_ = text(form.payloadBytes);
}

std::string_view Message::Template::stamp(std::uint32_t sender, std::uint32_t sequence) {
  if (numbersAt != std::string::npos) {
    writeHex(bytes.data() + numbersAt, sender);
    writeHex(bytes.data() + numbersAt + kDigits, sequence);
  }
  if (idAt != std::string::npos) writeId(bytes.data() + idAt, kFirstId + sequence % kFirstId);
  return bytes;
}

std::string_view Message::request(std::uint32_t sender, std::uint32_t sequence) {
  return request_.stamp(sender, sequence);
}

std::string_view Message::attachment(std::uint32_t sender, std::uint32_t sequence) {
  if (attachment_.empty()) return {};
  writeHex(attachment_.data(), sender);
  writeHex(attachment_.data() + kDigits, sequence);
  return attachment_;
}

void Message::expectAnswer(std::size_t client, std::string_view got, std::uint32_t sender,
                           std::uint32_t sequence) {
  Template& due = answer_.bytes.empty() ? request_ : answer_;
  if (got != due.stamp(sender, sequence)) reject(client, got, due.bytes);
}

void Message::expectAttachment(std::size_t client, std::string_view got, std::uint32_t sender,
                               std::uint32_t sequence) {
  if (got != attachment(sender, sequence)) reject(client, got, attachment_);
}

}  // namespace load
