// What one I/O thread has to tell JavaScript. The thread fills a batch and hands it over under a
// lock once per turn. JavaScript takes all that is ready at once.
// Runs on: every EngineHandler method on the I/O thread; `take` and `onDelivered` on the JS thread.
// Bound: beyond maxBytes the thread is told to read but little until its batch has been delivered.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>

#include "beastio/host/guest.hpp"
#include "beastio/host/handler.hpp"
#include "record-fields.hpp"
#include "turn-words.hpp"

namespace beastio::addon {

class RecordWriter final : public EngineHandler, public socketio::Owner {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What JavaScript does with a loop that it drives.
  enum class Drives : std::uint8_t {
    kNothing,
    kTurn,   ///< it runs a turn, and takes what that tells behind it
    kFlush,  ///< it has commands executed, and takes the answers behind them
  };
  /// In its lifetime this thread does that.
  class Driver {
   public:
    explicit Driver(Drives drives) { drives_ = drives; }
    ~Driver() { drives_ = Drives::kNothing; }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
  };

  /// How JavaScript is told that there is something to take or to drive.
  struct Waker {
    std::function<void()> send;      ///< on any thread
    std::function<void()> sendHere;  ///< on the JS thread
  };

  /// `canDrive`: see EngineHandler.
  RecordWriter(std::size_t maxBytes, TurnWords& turn, bool canDrive, Waker wake);

  /// Swaps what is ready with `content`, which is empty.
  void take(Content& content);
  /// What was taken has been delivered, to its end.
  void onDelivered(const Content& content);
  /// Swaps the answers to flushes with `content`, which is empty: what Node's sockets are to write
  /// at once. Returns whether there are any. Order: behind each Drives::kFlush.
  bool takeAnswers(Content& content);

  /// From now on handlers in C++ are told first. Runs on: the I/O thread, which JavaScript must not
  /// drive any more.
  void setGuest(EngineHandler& guest) {
    guest_ = &guest;
    guestMeter_.store(&guest, std::memory_order_release);
  }

  void onPassed(SessionId id, const Message& message) override;
  void onTold(std::string_view json, std::span<const std::string_view> attachments) override;

  void onOpen(const OpenedSession& session) override;
  void onMessage(SessionId id, const Message& message) override;
  void onHeartbeat(SessionId id) override;
  void onUpgrading(SessionId id, TransportName to, RequestId request) override;
  void onUpgrade(SessionId id, TransportName to, RequestId request) override;
  void onUpgradeAbandoned(SessionId id, RequestId request) override;
  void onDrain(SessionId id, unsigned marks) override;
  void onPressure(SessionId id, bool isSlow, std::size_t bytes) override;
  void onClose(SessionId id, CloseReason reason, std::string_view description) override;
  void onReply(RequestId request, const Reply& reply) override;
  void onVerified(RequestId request) override;
  void onRefused(const RefusedRequest& refused) override;
  void onLimit(const LimitNotice& notice) override;
  void onConnectionGone(RequestId request) override;
  void onStreamData(RequestId stream, std::string_view bytes) override;
  void onStreamEnd(RequestId stream, bool immediately) override;
  void onStreamTaken(RequestId stream, std::size_t bytes) override;
  bool onConnection(int descriptor, std::string_view bytes, std::uint32_t line) override;
  void onPortIdle() override;
  void onTlsConnection(const TlsConnection& connection) override;
  void onHandshakeFailed(const FailedHandshake& failed) override;
  void onStreamDrain(RequestId stream, std::size_t bytes) override;
  bool onBatchEnd() override;
  bool isFull() override;
  std::optional<TimePoint> wakeAt() override;
  Kept kept() const override;
  std::size_t waiting() const override;
  bool canDrive() const override { return canDrive_; }
  bool wasIdle() override { return wasIdle_ && guest_ == nullptr; }
  void onDriveWanted() override { wake_.send(); }
  void onClientWaits() override;
  void onNote(SessionId id, std::string_view text,
              std::span<const std::string_view> attachments) override;
  TimePoint excusedUntil(std::chrono::milliseconds patience) override;

 private:
  /// After which a thread looks whether JavaScript has come.
  static constexpr std::chrono::milliseconds kLook{20};
  /// How long JavaScript may have a batch, or how old its last flush may be, before its next packet
  /// is flushed at once.
  static constexpr std::chrono::milliseconds kFreshFlush{1};

  bool handOver();
  /// Where an answer is put: apart, if it may overtake what waits.
  Content& forAnswer();
  /// The same for what a stream writes, which must not overtake what it has written.
  Content& forStream();

  static inline thread_local Drives drives_ = Drives::kNothing;

  std::size_t maxBytes_;
  TurnWords& turn_;
  bool canDrive_;
  Waker wake_;
  EngineHandler* guest_ = nullptr;                       // touched by the I/O thread only
  std::atomic<const InboxMeter*> guestMeter_ = nullptr;  // the same, for `waiting`
  std::atomic<std::uint64_t> delivered_{0};              // number of the last batch that was
  Content answers_;                                      // touched by the JS thread only
  Content filling_;               // touched by the I/O thread only, as is what follows
  std::uint64_t handedOver_ = 0;  // batches
  bool wasIdle_ = false;
  bool hasStreams_ = false;         // whether a stream has something in the batch
  std::uint64_t streamsBatch_ = 0;  // the last one in which it had
  std::uint64_t watchedBatch_ = 0;  // that JavaScript has
  std::int32_t watchedFlush_ = 0;   // of the turn that JavaScript is in
  std::optional<TimePoint> dueAt_;
  std::mutex mutex_;
  std::atomic<std::size_t> waiting_{0};    // bytes that are not delivered; written under the mutex
  Content ready_;                          // guarded by the mutex, as is what follows
  std::size_t taken_ = 0;                  // bytes that JavaScript has taken, and not delivered
  std::optional<TimePoint> awaitedSince_;  // when JavaScript was called and did not deliver yet
  TimePoint deliveredAt_;
  TimePoint absentUntil_;           // when it had taken longest of late to deliver
  TimePoint::duration absence_{0};  // how long that was
};

}  // namespace beastio::addon
