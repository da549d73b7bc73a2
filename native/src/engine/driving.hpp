// Who runs an I/O loop: its own thread, or the host's thread, which then needs no other one for a
// message. The I/O thread offers the loop to a host that is mostly idle, and watches it. It takes
// the loop back from a host that is late or has much to do, and when nothing comes any more.
// With a single processor a busy host has the loop, too. Two threads would only take turns there,
// and an echo would cost a quarter more.
// Who runs a turn in the host's place, or as the host, holds the lock. A thread that drives its own
// loop takes none. Runs on: any thread, but for what is the I/O thread's.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

namespace beastio {
enum class IoDriver : std::uint8_t;
}

namespace beastio::engine {

class Driving {
 public:
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;
  using Lock = std::unique_lock<std::mutex>;

  /// A turn of the host: it holds the lock, if the loop is the host's and this is not within
  /// another turn.
  class Turn {
   public:
    explicit Turn(Driving& driving);
    /// A turn in the host's place, of the I/O thread, which holds the lock.
    Turn(Driving& driving, const Lock& held);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    explicit operator bool() const { return isBegun_; }

   private:
    Driving& driving_;
    Lock lock_;
    bool isBegun_ = false;
  };

  /// How often a host that drives is looked at. One that leaves what has come for two looks is
  /// late.
  static constexpr std::chrono::milliseconds kLook{5};
  /// After so many looks without anything to do, the loop is the I/O thread's again.
  static constexpr unsigned kQuietLooks = 4;
  /// So many turns in a row, within that time, must have found the host idle.
  static constexpr unsigned kOfferTurns = 16;
  static constexpr std::chrono::milliseconds kOfferTime{100};
  /// A host whose thread needs more than that share of a processor, over so many looks, has too
  /// much to do.
  static constexpr double kMostBusy = 0.75;
  static constexpr unsigned kLooks = 16;
  /// How long a host that was at fault is not offered the loop. It is twice as long each time that
  /// comes soon after the last.
  static constexpr std::chrono::milliseconds kLeastPause{20};
  static constexpr std::chrono::milliseconds kMostPause{1000};
  /// How long a host waits for a loop that it claims.
  static constexpr std::chrono::milliseconds kClaimPatience{4};
  /// How long it claims none after it has waited in vain, or was late with one. So an I/O thread
  /// with much to do does not slow the host down.
  static constexpr std::chrono::milliseconds kClaimPause{250};

  /// `isPossible`: whether the host can wait for what comes (EngineHandler::canDrive).
  /// `processors`: how many the process has.
  Driving(IoDriver wanted, bool isPossible, unsigned processors);

  /// Whether the loop is the host's. Only the I/O thread makes it so.
  bool isHosts() const { return isHosts_; }

  /// The host, in a turn: what has come is read.
  void onTurn() { ++turns_; }
  /// The host, in a turn: it has had commands executed.
  void onCommands() { ++commands_; }
  /// The host, in a turn: when the loop has something to do by itself. The I/O thread does it.
  void expect(std::optional<TimePoint> deadline);

  /// The host, outside of turns: wants the loop at once, as it has to write by itself what is to
  /// leave. `wake` has the I/O thread end a wait. Returns whether the loop is the host's.
  template <class WakeThread>
  bool claim(WakeThread wake, TimePoint now) {
    if (isHosts_) return true;
    if (!beginClaim(now)) return false;
    wake();
    return endClaim(now);
  }
  /// The I/O thread: whether a host waits for the loop.
  bool isClaimed() const { return isClaimed_; }

  /// Any thread, in a turn as well: the loop is the I/O thread's; for good if
  /// `forever`.
  void takeBack(bool forever = false);
  /// The host: the same, because it has more to do than it should.
  void yield(TimePoint now);

  /// The I/O thread, after a turn of its own. `isIdle`: see EngineHandler::wasIdle. Returns whether
  /// the loop is the host's from now on.
  bool offer(bool isIdle, TimePoint now);

  /// The I/O thread: the lock under which it watches.
  Lock watch() { return Lock(mutex_); }
  /// Waits for the next look, or until the loop is given back. Returns whether the deadline of
  /// `expect` has come.
  bool sleep(Lock& lock, std::optional<TimePoint> deadline);
  /// Looks at the host. `isWaiting`: something waits to be run. `hostTime`: what the host's thread
  /// has had of a processor so far.
  void look(bool isWaiting, std::chrono::nanoseconds hostTime, TimePoint now);

 private:
  bool beginClaim(TimePoint now);
  bool endClaim(TimePoint now);
  void giveToHost();
  bool isInTurn() const { return turnOf_ == std::this_thread::get_id(); }
  void blame(TimePoint now);

  const IoDriver wanted_;
  const bool isBusyHostFine_;  // it has nothing to win by another thread
  std::atomic<bool> isHosts_ = false;
  std::atomic<bool> isClaimed_ = false;
  std::atomic<std::thread::id> turnOf_{};  // whose turn it is, while the loop is the host's
  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable claimed_;
  // Guarded by the mutex.
  bool isOver_ = false;
  std::uint64_t turns_ = 0;  // of the host
  std::uint64_t seenTurns_ = 0;
  std::uint64_t commands_ = 0;  // blocks that the host has had executed
  std::uint64_t seenCommands_ = 0;
  std::optional<TimePoint> sleepsUntil_{};
  unsigned waiting_ = 0;  // looks in a row, as is what follows
  unsigned quiet_ = 0;
  unsigned looks_ = 0;
  std::chrono::nanoseconds hostTime_{0};  // when `looks_` was 0, as is what follows
  TimePoint looksSince_{};
  TimePoint notBefore_{};
  bool isByClaim_ = false;  // the host has the loop by a claim
  TimePoint noClaimBefore_{};
  TimePoint blamedAt_{};
  std::chrono::milliseconds pause_ = kLeastPause;
  // The I/O thread's.
  unsigned idleTurns_ = 0;
  TimePoint idleSince_{};
};

}  // namespace beastio::engine
