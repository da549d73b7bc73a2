// One I/O thread: it owns the sessions that were opened on it, their connections and their rooms,
// and nothing else touches them. Others reach it by `post`. Each turn of its loop reads what has
// arrived, runs what was posted, sends what was gathered, and wakes the host once.
// Runs on: itself, except where a method says "any thread".
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "beastio/host/batch.hpp"
#include "engine/backlog.hpp"
#include "engine/commands/block-queue.hpp"
#include "engine/commands/block.hpp"
#include "engine/doors/doors.hpp"
#include "engine/doors/shared/port.hpp"
#include "engine/driving.hpp"
#include "engine/look-timer.hpp"
#include "engine/registry/client.hpp"
#include "engine/registry/rooms-index.hpp"
#include "engine/registry/session-facts.hpp"
#include "engine/registry/session-table.hpp"
#include "engine/timers.hpp"
#include "platform/process.hpp"
#include "session/session.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/task.hpp"

namespace beastio {
class EngineHandler;
struct EngineOptions;
}  // namespace beastio

namespace beastio::engine {

/// Who has not gone yet: see IoThread::windDown.
struct Left {
  std::size_t sessions = 0;
  std::size_t connections = 0;
};

class IoThread final : public session::SessionHost {
 public:
  /// The part of BlockQueue::kMaxPendingBytes that is done before the sockets have their turn.
  static constexpr std::size_t kMaxWorkPerTurn = 16U << 20U;

  IoThread(unsigned index, unsigned threads, const EngineOptions& options, EngineHandler& handler,
           Port& port, Visitors& visitors, TotalBacklog& total, HandOver handOver);
  ~IoThread();

  /// Any thread.
  void start();
  /// Any thread: the loop ends after this turn, or the next.
  void askToStop();
  /// Any thread but this one. Order: after `askToStop`. No handler call follows.
  void join();

  unsigned index() const { return index_; }
  /// Any thread: what it has counted.
  const base::ThreadCounters& counted() const { return environment_.counters; }
  /// Any thread: whether the host drives the loop.
  bool isHostDriving() const { return driving_.isHosts(); }
  /// Any thread: see InboxMeter::waiting.
  std::size_t inboxBytes() const;
  /// The one whose turn the calling thread runs, of whichever engine; null if it runs none.
  static const IoThread* current();

  /// Any thread: runs `task` on this one, in the order posted.
  template <class Task>
  void post(Task task) {
    queue_.onPosted();
    environment_.reactor.post([this, task = std::move(task)]() mutable {
      executeLaid();
      executeOwn();
      queue_.onRun();
      if (!postponed_.empty()) return postpone(std::move(task));
      task();
    });
    if (driving_.isHosts()) wantDrive();
  }

  /// Any thread: posts the commands of a block, once there is room for them. An I/O thread does not
  /// wait, because it may be the one that is waited for. `wakes`: else the block is laid down for a
  /// thread that is about to look by itself (EngineHandler::wakeAt), if it is.
  void submit(std::shared_ptr<const Batch::Block> block, bool wakes);
  /// The host: wants to drive the loop at once, see Driving.
  void claim();

  /// Runs a task of the host. What it submits to this thread is executed behind it, before
  /// anything that was posted later.
  void runTask(const std::function<void()>& task);

  /// Any thread: has what was laid down executed now.
  void wake();

  /// See Engine::drive.
  bool drive();
  int driveDescriptor() const { return environment_.reactor.descriptor(); }
  /// Any thread: the loop is this thread's from now on, until it is offered again.
  void takeBack(bool forever = false) { driving_.takeBack(forever); }

  /// Any thread: for what is posted or arrives from now on.
  void renewSettings(std::shared_ptr<const transport::Settings> settings);

  /// Sends what was gathered, and tells the host of what there is to tell.
  void settle() { endBatch(); }
  void closeAll();
  /// Closes the sessions that have nothing more to read. `closesIdle`: and the connections that
  /// wait for a request. Returns who is left.
  Left windDown(bool closesIdle);
  /// Ends all that is left.
  void cutOffAll();
  /// Cuts clients off if those of all threads have let too much wait.
  void relieve();
  Doors& doors() {
    environment_.affinity.check();
    return doors_;
  }
  /// Unless another part of the host has too much unhandled still.
  void resumeReading();
  transport::Environment& environment() {
    environment_.affinity.check();
    return environment_;
  }
  /// Any thread.
  const SessionFacts& facts() const { return facts_; }
  /// What waits for the client of a session; none if that is gone.
  std::optional<std::size_t> queuedBytes(SessionId id) const;
  Timers& timers() {
    environment_.affinity.check();
    return timers_;
  }

 private:
  /// Within its lifetime the calling thread runs the turns of that I/O thread, or of none.
  class Here {
   public:
    explicit Here(const IoThread* thread);
    ~Here();
    Here(const Here&) = delete;
    Here& operator=(const Here&) = delete;

   private:
    const IoThread* before_;
  };

  // SessionHost
  void onMessage(session::Session& session, const Message& message) override;
  void onHeartbeat(session::Session& session) override;
  void onUpgrading(session::Session& session, TransportName to, RequestId request) override;
  void onUpgrade(session::Session& session, TransportName to, RequestId request) override;
  void onUpgradeAbandoned(session::Session& session, RequestId request) override;
  void onDrain(session::Session& session, unsigned marks) override;
  void onUnsent(std::size_t messages, bool isDropped) override;
  void onRoundTrip(session::Session& session, session::TimePoint::duration time) override;
  void onBalance(session::Session& session, std::int64_t bytes) override;
  void onPressure(session::Session& session, bool isSlow, std::size_t bytes) override;
  void onTooFast(session::Session& session, Limit limit) override;
  void onClosed(session::Session& session, CloseReason reason,
                std::string_view description) override;
  void wantFlush(session::Session& session) override;
  void wantSettle(session::Session& session) override;
  void wantTimer(session::Session& session, session::TimePoint when) override;
  session::TimePoint excusedUntil() override;
  const session::Settings& settings() const override;
  session::TimePoint now() override { return environment_.now(); }
  protocol::ByteMeter& waiting() override { return environment_.chunks.waiting; }
  base::ThreadCounters& counters() override { return environment_.counters; }

  /// Has a task wait behind an execution.
  template <class Task>
  void postpone(Task task) {
    postponed_.push_back(transport::makeTask(std::move(task)));
  }

  void wantDrive();
  void closeSessions(bool keepsUnread);
  void run();
  void beginTurn();
  void wait();
  bool runTurn();
  bool runEvents();
  bool mayMoreHaveCome();
  void runPostponed();
  void runTimers(bool heardAll);
  void flush();
  void endBatch();
  void sendGathered();
  void executeLaid();
  void executeOwn();
  void executeAll(std::vector<Execution>& executions);
  void watchHost();
  bool runInHostsPlace(const Driving::Lock& lock);
  void watchFlush(Driving::Lock& lock);
  void endHostTurn(bool hasMore);
  bool executeAsHost(Execution& execution, std::size_t deliveries);
  bool isAnythingWaiting() const;
  bool isWorkDone() const { return workDone_ >= kMaxWorkPerTurn; }
  void execute(Execution execution);
  bool executeCommands(Execution& execution, bool isLastBlock);
  void look();
  void tellHost();
  void prepare(const Batch::Block& block, std::span<const Part> parts,
               const session::Outgoing& model, std::vector<session::Outgoing>& packet);
  bool executeForAny(const Batch::Block& block, const Batch::Block::Command& command, bool isLast);
  void broadcast(const Batch::Block& block, const Batch::Block::Command& command, bool isLast);
  void countSent(std::size_t messages);
  void note(const Batch::Block& block, const Batch::Block::Command& command);

  // Members are destroyed from the last to the first: sessions go before the doors that answer
  // their polls, and both before the reactor.
  unsigned index_;
  EngineHandler& handler_;
  transport::Environment environment_;
  LookTimer lookTimer_;
  Doors doors_;
  SessionTable sessions_;
  SessionFacts facts_;
  RoomsIndex rooms_;
  Backlog backlog_;
  Timers timers_;
  std::vector<SessionId> toFlush_;
  std::vector<SessionId> toSettle_;
  std::vector<SessionId> settling_;           // those of `toSettle_` whose turn it is
  std::vector<session::Outgoing> outgoing_;   // the packet that is being sent
  std::vector<session::Outgoing> shared_;     // of kSendShared, with the forms its recipients share
  std::deque<transport::TaskPtr> postponed_;  // in the order posted
  bool isInTask_ = false;                     // of the host
  std::vector<Execution> own_;                // submitted by this thread, for the end of its turn
  std::vector<Execution> executing_;          // while they are executed
  std::size_t workDone_ = 0;                  // of this turn, in bytes
  std::size_t unsent_ = 0;                    // messages of the packet that is being sent
  std::size_t recipients_ = 0;                // of the last kBroadcastsOnAverage broadcasts, about
  bool isTurnOver_ = false;
  std::size_t unjudgedEvents_ = 0;  // since deadlines were last looked at
  bool stopping_ = false;
  Driving driving_;
  std::optional<platform::ThreadClock> hostClock_;  // guarded by the lock of `driving_`

  BlockQueue queue_;
  std::atomic<std::size_t> expectedRecipients_ = 0;  // of a broadcast

  std::thread thread_;
};

}  // namespace beastio::engine
