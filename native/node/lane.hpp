// What one I/O thread has to tell JavaScript: the thread fills a batch of its own and hands it over
// under a lock once per turn; JavaScript takes all that is ready at once.
// Runs on: every EngineHandler method on the I/O thread; `take` on the JS thread.
// Bound: beyond maxBytes the thread is told to stop reading until its batch has been taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/handler.hpp"

namespace beastio::addon {

/// The first number of a record; lib/engine/records.js has the same list. Texts and extras are
/// consumed in order, so a record names lengths, never positions. Behind an `own` that is 1, for a
/// request on the own port, stand the facts; its address and header are in the extras.
/// Lengths of bytes are -1 for a Buffer in the extras; few bytes cross as characters up to U+00FF.
/// Facts of TLS: the count of certificates, or -1 without TLS; text and certificates in the extras.
enum class Record : std::int32_t {
  kOpen = 1,          // place, generation, request, transport, protocol, of the sid text place and
                      // length, own
  kEvent = 2,         // place, length of JSON: an EVENT of "/" without id, in the Latin-1 text
  kPacket = 3,        // place, text place, length of nsp and JSON, type, length of nsp, id
  kText = 4,          // place, text place, length
  kBinary = 5,        // place; a Buffer in the extras
  kClose = 6,         // place, generation, reason, length of description
  kUpgrading = 7,     // place, transport, request
  kUpgrade = 8,       // place, transport, request
  kHeartbeat = 9,     // place
  kDrain = 10,        // place, marks
  kResponse = 11,     // request, status, content type, no-store, chunked, compress, length of body
  kVerified = 12,     // request
  kRefused = 13,      // request, code, length of context name, own
  kStreamWrite = 14,  // stream, length
  kStreamEnd = 15,    // stream, immediately
  kStreamPause = 16,  // stream, paused
  kGone = 17,         // request
  kAbandoned = 18,    // place, request
  kConnection = 19,   // descriptor; a Buffer in the extras
  kPortIdle = 20,     // 0
  kTlsConnection = 21,    // stream, thread, length of address, port, facts; a Buffer in the extras
  kStreamDrain = 22,      // stream, bytes
  kHandshakeFailed = 23,  // port, cause, length of address, length of error
  kString = 24,  // place, lengths of nsp and name, id: an EVENT with one string, in the extras
};

/// Where the text of a record stands.
enum class TextPlace : std::int32_t { kLatin1 = 0, kUtf16 = 1, kExtra = 2 };

/// A descriptor on its way to JavaScript: closed if it does not arrive.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

/// A value that crosses as an object of its own.
struct Extra {
  enum class Kind : std::uint8_t { kLatin1, kUtf16, kBytes };
  Kind kind = Kind::kBytes;
  std::string bytes{};
  std::u16string utf16{};
};

/// One batch of records.
struct Content {
  std::vector<std::int32_t> records;
  std::string latin1;
  std::u16string utf16;
  std::vector<Extra> extras;
  std::vector<Descriptor> descriptors;  // of the kConnection records
  std::size_t bytes = 0;

  bool empty() const { return records.empty(); }
  /// What it occupies, about: a flood of empty messages has records only.
  std::size_t cost() const {
    return bytes + records.size() * sizeof(std::int32_t) + extras.size() * sizeof(Extra);
  }
  void clear();
  void append(Content& other);
};

class Lane final : public EngineHandler {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `wake` is called on the I/O thread when there is something to take.
  Lane(std::size_t maxBytes, std::function<void()> wake);

  /// Swaps what is ready with `content`, which is empty. Returns whether reading was paused.
  bool take(Content& content);

  void onOpen(const OpenedSession& session) override;
  void onMessage(SessionId id, const Message& message) override;
  void onHeartbeat(SessionId id) override;
  void onUpgrading(SessionId id, TransportName to, RequestId request) override;
  void onUpgrade(SessionId id, TransportName to, RequestId request) override;
  void onUpgradeAbandoned(SessionId id, RequestId request) override;
  void onDrain(SessionId id, unsigned marks) override;
  void onClose(SessionId id, CloseReason reason, std::string_view description) override;
  void onHttpResponse(RequestId request, const HttpResponse& response) override;
  void onVerified(RequestId request) override;
  void onRefused(const RefusedRequest& refused) override;
  void onConnectionGone(RequestId request) override;
  void onStreamWrite(RequestId stream, std::string_view bytes) override;
  void onStreamEnd(RequestId stream, bool immediately) override;
  void onStreamPause(RequestId stream, bool paused) override;
  void onConnection(int descriptor, std::string_view bytes) override;
  void onPortIdle() override;
  void onTlsConnection(const TlsConnection& connection) override;
  void onHandshakeFailed(const FailedHandshake& failed) override;
  void onStreamDrain(RequestId stream, std::size_t bytes) override;
  bool onBatchEnd() override;
  TimePoint excusedUntil(std::chrono::milliseconds patience) override;

 private:
  /// Texts of this size and more cross as strings of their own, not as slices of a joined one;
  /// bytes as a Buffer, which costs V8 more than a slice, and the garbage collector more than a
  /// string.
  static constexpr std::size_t kOwnTextBytes = 1024;
  /// After which a thread looks whether JavaScript has come.
  static constexpr std::chrono::milliseconds kLook{20};

  struct Placed {
    TextPlace place;
    std::size_t length;  // 0 of an extra, which has its own
  };

  template <class... Numbers>
  void put(Record record, Numbers... numbers);
  Placed putText(std::string_view utf8, TextEncoding encoding);
  void putOwnText(std::string_view utf8, TextEncoding encoding);
  void putLargeString(SessionId id, const Message& message);
  void putBytes(std::string_view bytes);
  std::int32_t putFewBytes(std::string_view bytes, bool asText = true);
  void putOwn(const OwnRequest* own);
  void putFacts(const TlsFacts* facts);
  void onTaken(TimePoint now);

  std::size_t maxBytes_;
  std::function<void()> wake_;
  Content filling_;  // touched by the I/O thread only
  std::mutex mutex_;
  Content ready_;  // guarded by the mutex, as is what follows
  bool paused_ = false;
  std::optional<TimePoint> awaitedSince_;  // when JavaScript was called and did not take yet
  TimePoint takenAt_;
  TimePoint absentUntil_;           // when it had taken longest of late to come
  TimePoint::duration absence_{0};  // how long that was
};

}  // namespace beastio::addon
