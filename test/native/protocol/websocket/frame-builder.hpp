// What the frame tests share: client frames byte by byte, and a callback object that writes down
// what a parser reported. Deliberately naive: it shares no code with what it tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/websocket/websocket-frame.hpp"

namespace beastio::protocol::test {

/// One client frame. The defaults make a whole masked text frame.
struct FrameSpec {
  std::string payload{};
  std::uint8_t opcode = 0x1;
  bool final = true;
  bool masked = true;
  std::uint8_t rsv = 0;                      ///< the three bits, RSV1 the highest
  std::size_t lengthBytes = 0;               ///< 2 or 8 force a longer encoding than needed
  std::optional<std::uint64_t> announced{};  ///< another length than the payload has
};

inline std::string frame(const FrameSpec& spec) {
  constexpr std::array<std::uint8_t, 4> kKey{0x9A, 0x01, 0xF3, 0x5C};
  const std::uint64_t length = spec.announced.value_or(spec.payload.size());
  const std::size_t lengthBytes = spec.lengthBytes > 0 ? spec.lengthBytes
                                  : length > 0xFFFF    ? 8
                                  : length > 125       ? 2
                                                       : 0;
  const auto byte = [](auto value) { return static_cast<char>(static_cast<std::uint8_t>(value)); };

  std::string out;
  out += byte((spec.final ? 0x80 : 0) | (spec.rsv << 4) | spec.opcode);
  out += byte((spec.masked ? 0x80u : 0u) | (lengthBytes == 8   ? 127u
                                            : lengthBytes == 2 ? 126u
                                                               : length));
  for (std::size_t i = lengthBytes; i > 0; --i) out += byte(length >> (8 * (i - 1)));
  if (!spec.masked) return out + spec.payload;
  for (const std::uint8_t part : kKey) out += byte(part);
  for (std::size_t i = 0; i < spec.payload.size(); ++i) {
    out += byte(static_cast<std::uint8_t>(spec.payload[i]) ^ kKey[i % 4]);
  }
  return out;
}

inline std::string text(std::string payload) { return frame({.payload = std::move(payload)}); }
inline std::string binary(std::string payload) {
  return frame({.payload = std::move(payload), .opcode = 0x2});
}
inline std::string ping(std::string payload) {
  return frame({.payload = std::move(payload), .opcode = 0x9});
}
inline std::string pong(std::string payload) {
  return frame({.payload = std::move(payload), .opcode = 0xA});
}
/// `payload` is code and reason, as in "\x03\xE8" "bye".
inline std::string close(std::string payload) {
  return frame({.payload = std::move(payload), .opcode = 0x8});
}

/// Writes down each callback as one entry, e.g. "ascii hello".
struct Recorder {
  std::vector<std::string> log{};
  std::size_t stopAfter = static_cast<std::size_t>(-1);  ///< answers false to that many callbacks

  bool add(std::string what, std::string_view payload) {
    log.push_back(what.append(" ").append(payload));
    return log.size() < stopAfter;
  }
  bool onText(MutableBytes payload, bool ascii) {
    return add(ascii ? "ascii" : "text", asText(payload));
  }
  bool onBinary(MutableBytes payload) { return add("binary", asText(payload)); }
  bool onCompressed(Opcode opcode, MutableBytes payload) {
    return add("compressed " + std::to_string(static_cast<int>(opcode)), asText(payload));
  }
  bool onPing(Bytes payload) { return add("ping", asText(payload)); }
  bool onPong(Bytes payload) { return add("pong", asText(payload)); }
  bool onClose(std::uint16_t code, std::string_view reason) {
    return add("close " + std::to_string(code), reason);
  }
};

/// Feeds `input` from a buffer of exactly its size, so that a sanitizer sees any step beyond it.
inline FrameError feed(FrameParser& parser, Recorder& recorder, std::string_view input) {
  std::vector<std::uint8_t> copy(input.begin(), input.end());
  return parser.consume(copy, recorder);
}

/// All that can be seen of a parser that was fed `parts` one after the other.
struct Outcome {
  std::vector<std::string> log;
  FrameError error = FrameError::kNone;
  std::uint16_t offendingValue = 0;

  bool operator==(const Outcome&) const = default;
};

inline Outcome parse(std::span<const std::string_view> parts, FrameParser::Limits limits = {}) {
  FrameParser parser(limits);
  Recorder recorder;
  FrameError error = FrameError::kNone;
  for (const std::string_view part : parts) error = feed(parser, recorder, part);
  return {std::move(recorder.log), error, parser.offendingValue()};
}

inline Outcome parse(std::string_view input, FrameParser::Limits limits = {}) {
  return parse(std::span(&input, 1), limits);
}

}  // namespace beastio::protocol::test
