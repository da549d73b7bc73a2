// An IoThread whose loop the host runs: the host's turns, and the thread that watches them.
#include <chrono>
#include <utility>

#include "beastio/host/handler.hpp"
#include "engine/io-thread.hpp"

namespace beastio::engine {
namespace {

// More than that is the thread's, not the host's: for the host has its own work to do.
constexpr std::size_t kMostHostBytes = 256 * 1024;
// The same for broadcasts, as Block::deliveries counts: those to some 40 recipients.
constexpr std::size_t kMostHostDeliveries = 4 * 1024;

}  // namespace

void IoThread::wantDrive() { handler_.onDriveWanted(); }

bool IoThread::drive() {
  const Driving::Turn turn(driving_);
  if (!turn) return false;
  const base::ThreadAffinity::StandIn host(environment_.affinity);
  const Here itself(this);
  driving_.onTurn();
  environment_.counters.hostTurns.add();
  if (!hostClock_) hostClock_ = platform::ThreadClock::ofThisThread();
  beginTurn();
  environment_.reactor.poll();
  endHostTurn(runTurn());
  return true;
}

// Executes a block within the host's call. Order: behind what was posted before, which is why there
// must be nothing of it. Returns false if the block is to be posted.
bool IoThread::executeAsHost(Execution& execution, std::size_t deliveries) {
  if (execution.cost > kMostHostBytes || deliveries > kMostHostDeliveries) {
    driving_.yield(Driving::Clock::now());
    return false;
  }
  const Driving::Turn turn(driving_);
  if (!turn || queue_.isAnythingPosted() || !postponed_.empty() || !own_.empty()) return false;
  driving_.onCommands();
  if (!hostClock_) hostClock_ = platform::ThreadClock::ofThisThread();
  const base::ThreadAffinity::StandIn host(environment_.affinity);
  const Here itself(this);
  queue_.admit(execution.cost, false);
  environment_.counters.turns.add();
  environment_.counters.hostTurns.add();
  beginTurn();
  execute(std::move(execution));
  endBatch();
  endHostTurn(!postponed_.empty() || !own_.empty());
  return true;
}

void IoThread::endHostTurn(bool hasMore) {
  driving_.expect(environment_.timers.next());
  if (hasMore) handler_.onDriveWanted();
}

// Until the loop is this thread's again. What has a deadline is done here meanwhile. The lock is
// taken also if the host has given the loop back already: its turn may still go on.
void IoThread::watchHost() {
  const Here host(nullptr);
  handler_.onDriveWanted();
  auto lock = driving_.watch();
  while (driving_.isHosts()) {
    const bool isDue = driving_.sleep(lock, environment_.timers.next());
    if (!driving_.isHosts()) return;
    beginTurn();
    if (isDue && runInHostsPlace(lock)) handler_.onDriveWanted();
    const auto hostTime = hostClock_ ? hostClock_->read() : std::chrono::nanoseconds(0);
    driving_.look(isAnythingWaiting(), hostTime, environment_.now());
    if (driving_.isHosts()) watchFlush(lock);
  }
}

bool IoThread::runInHostsPlace(const Driving::Lock& lock) {
  const Driving::Turn turn(driving_, lock);
  const Here itself(this);
  return runTurn();
}

// The host is told here when a turn of its goes on for so long that it should flush again.
void IoThread::watchFlush(Driving::Lock& lock) {
  const auto look = handler_.wakeAt();
  if (!look) return;
  driving_.sleep(lock, *look);
  if (driving_.isHosts()) handler_.wakeAt();
}

bool IoThread::isAnythingWaiting() const {
  if (environment_.reactor.hasMore() || !postponed_.empty() || !own_.empty()) return true;
  return platform::isReadable(driveDescriptor());
}

}  // namespace beastio::engine
