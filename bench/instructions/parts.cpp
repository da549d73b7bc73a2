// The engine's rooms one by one: protocol, send queue, session.
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "protocol/websocket/frame-builder.hpp"
#include "protocol/websocket/websocket-frame.hpp"
#include "scripts.hpp"
#include "session/session-rig.hpp"
#include "session/session.hpp"
#include "transport/loop/send-queue.hpp"

namespace beastio::instructions {
namespace {

using namespace std::chrono_literals;

constexpr int kFrames = 16;
constexpr std::string_view kEvent = "42[\"echo\",\"0000000700000001mmmmmmmmmmmmmmmm\"]";

/// Takes every message and looks at none.
struct Callbacks {
  std::size_t bytes = 0;

  bool take(protocol::Bytes payload) {
    bytes += payload.size();
    return true;
  }
  bool onText(protocol::MutableBytes payload, bool) { return take(payload); }
  bool onBinary(protocol::MutableBytes payload) { return take(payload); }
  bool onPing(protocol::Bytes payload) { return take(payload); }
  bool onPong(protocol::Bytes payload) { return take(payload); }
  bool onClose(std::uint16_t, std::string_view) { return true; }
};

/// As those of the session's tests, but they write down nothing on the paths that are counted.
class Host final : public session::test::FakeHost {
 public:
  Host() { values.parseSocketioHeader = true; }

  void onMessage(session::Session&, const Message& message) override {
    bytes_ += message.data.size();
  }

 private:
  std::size_t bytes_ = 0;
};

class Channel final : public session::test::FakeChannel {
 public:
  void send(const session::Outgoing& packet) override { bytes_ += packet.data.size(); }

 private:
  std::size_t bytes_ = 0;
};

/// An open session on a WebSocket.
struct Rig {
  Host host;
  Channel channel;
  session::TimePoint now{1h};
  session::Session session{host, SessionId{.place = 7, .generation = 1}, "abcdefghij0123456789",
                           session::Dialect{}};

  Rig() { session.openOver(channel, now); }
};

std::string payloadOf(std::size_t bytes, Letters letters) {
  if (letters == Letters::kAscii) return std::string(bytes, 'm');
  std::string out;
  while (out.size() < bytes) out.append("m\xC3\xA9");
  return out;
}

}  // namespace

Script framesIn(std::size_t payloadBytes, Letters letters) {
  std::string frames;
  for (int i = 0; i < kFrames; ++i) {
    frames.append(protocol::test::text(payloadOf(payloadBytes, letters)));
  }
  return [frames = std::move(frames)] {
    protocol::FrameParser parser({});
    Callbacks callbacks;
    std::vector<std::uint8_t> input(frames.size());
    for (int i = 0; i < kRepetitions; ++i) {
      std::memcpy(input.data(), frames.data(), frames.size());  // parsing overwrites it
      parser.consume(input, callbacks);
    }
  };
}

Script framesOut(std::size_t payloadBytes) {
  return [payload = payloadOf(payloadBytes, Letters::kAscii)] {
    transport::ChunkPool pool;
    transport::SendQueue queue(pool);
    transport::SendQueue::Buffers buffers;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(payload.data());
    for (int i = 0; i < kRepetitions; ++i) {
      for (int frame = 0; frame < kFrames; ++frame) {
        std::array<std::uint8_t, protocol::kMaxFrameHeaderBytes> header{};
        const std::size_t size =
            protocol::encodeFrameHeader(header, protocol::Opcode::kText, payload.size());
        queue.append(protocol::Bytes(header.data(), size));
        queue.append(protocol::Bytes(bytes, payload.size()));
      }
      queue.gather(buffers);
      queue.consume(queue.bytes());
    }
  };
}

Script sessionIn() {
  return [rig = std::make_shared<Rig>()] {
    for (int i = 0; i < kRepetitions; ++i) {
      rig->session.onText(rig->channel, kEvent, true, rig->now);
    }
  };
}

Script sessionOut() {
  return [rig = std::make_shared<Rig>()] {
    for (int i = 0; i < kRepetitions; ++i) {
      const session::Outgoing packet{.data = kEvent.substr(1)};
      rig->session.send({&packet, 1}, {}, 1);
    }
  };
}

}  // namespace beastio::instructions
