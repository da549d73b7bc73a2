// Applies the codecs of native/src/protocol to what codecs.test.js asks, for comparison with
// JavaScript's. A question on stdin is a letter, a length and a text. The answer on stdout is a
// length and a text. A length has four bytes, the low one first.
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "protocol/socketio/socketio-packet.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"
#include "protocol/text/json-writer.hpp"

namespace {

using namespace beastio::protocol;

constexpr std::size_t kMaxDepth = 1000;
constexpr std::string_view kNone = "none";

/// Reads and writes a value anew, as JSON.parse and JSON.stringify do.
void rewrite(std::string_view value, std::string& out) {
  if (value.starts_with('[')) {
    out.push_back('[');
    JsonArrayCursor elements(value);
    for (bool first = true; const auto element = elements.next(); first = false) {
      if (!first) out.push_back(',');
      rewrite(*element, out);
    }
    out.push_back(']');
  } else if (value.starts_with('{')) {
    out.push_back('{');
    JsonObjectCursor members(value);
    for (bool first = true; const auto member = members.next(); first = false) {
      if (!first) out.push_back(',');
      rewrite(member->key, out);
      out.push_back(':');
      rewrite(member->value, out);
    }
    out.push_back('}');
  } else if (value.starts_with('"')) {
    std::string text;
    if (readJsonString(value, text)) appendJsonString(text, out);
  } else if (double number = 0; readJsonNumber(value, number)) {
    appendJsonNumber(number, out);
  } else {
    out.append(value);
  }
}

std::string describePacket(std::string_view text) {
  const auto packet = parseSocketioPacket(text, 10);
  if (!packet || !isPayloadValid(*packet, kMaxDepth)) return std::string(kNone);
  std::string out = "{\"type\":" + std::to_string(static_cast<int>(packet->type));
  out += ",\"attachments\":" + std::to_string(packet->attachments) + ",\"nsp\":";
  appendJsonString(packet->nsp, out);
  out += ",\"nspWithQuery\":";
  appendJsonString(packet->nspWithQuery(), out);
  out += ",\"query\":";
  appendJsonString(packet->query, out);
  if (packet->id) out += ",\"id\":\"" + std::to_string(*packet->id) + "\"";
  out += ",\"payload\":";
  appendJsonString(packet->payload, out);
  std::string scratch;
  if (const auto event = eventNameOf(packet->payload, scratch)) {
    out += ",\"name\":";
    appendJsonString(event->name, out);
    out += ",\"rest\":";
    appendJsonString(packet->payload.substr(event->argumentsAt), out);
  }
  return out + "}";
}

/// The header that is written for a packet, whose payload follows it.
std::string buildPacket(std::string_view text) {
  const auto packet = parseSocketioPacket(text, 10);
  if (!packet) return std::string(kNone);
  std::string out;
  return appendPacketHeader(out, packet->type, packet->nspWithQuery(), packet->id,
                            packet->attachments)
      .append(packet->payload);
}

std::string answerTo(char question, std::string_view text) {
  std::string out;
  switch (question) {
    case 'v':
      return isValidJson(text, kMaxDepth) ? "true" : "false";
    case 'w':
      rewrite(text, out);
      return out;
    case 's':
      appendJsonString(text, out);
      return out;
    case 'd': {
      std::uint64_t bits = 0;
      std::memcpy(&bits, text.data(), sizeof bits);
      appendJsonNumber(std::bit_cast<double>(bits), out);
      return out;
    }
    case 'n': {
      double number = 0;
      if (!readJsonNumber(text, number)) return std::string(kNone);
      return std::to_string(std::bit_cast<std::uint64_t>(number));
    }
    case 'i': {
      std::int64_t number = 0;
      return readJsonInteger(text, number) ? std::to_string(number) : std::string(kNone);
    }
    case 'u': {
      std::uint64_t number = 0;
      return readJsonInteger(text, number) ? std::to_string(number) : std::string(kNone);
    }
    case 'p':
      return describePacket(text);
    case 'b':
      return buildPacket(text);
    case 'h': {
      std::size_t num = 0;
      return isPlaceholder(text, num) ? std::to_string(num) : std::string(kNone);
    }
    default:
      return "unknown question";
  }
}

bool readExactly(void* to, std::size_t bytes) { return std::fread(to, 1, bytes, stdin) == bytes; }

}  // namespace

int main() {
  char question = 0;
  std::uint32_t length = 0;
  std::string text;
  while (readExactly(&question, 1) && readExactly(&length, sizeof length)) {
    text.resize(length);
    if (!readExactly(text.data(), length)) return 1;
    const std::string answer = answerTo(question, text);
    length = static_cast<std::uint32_t>(answer.size());
    std::fwrite(&length, sizeof length, 1, stdout);
    std::fwrite(answer.data(), 1, answer.size(), stdout);
  }
  return 0;
}
