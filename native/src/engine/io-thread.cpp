#include "engine/io-thread.hpp"

#include <algorithm>
#include <chrono>

#include "beastio/host/handler.hpp"
#include "beastio/options.hpp"
#include "engine/processors.hpp"
#include "engine/settings.hpp"
#include "platform/process.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {
namespace {

// A turn ends, and the host is woken, after so many events even if more have arrived.
constexpr int kMaxEventsPerTurn = 256;

// Where so many events were found at once, more have come while they were run.
constexpr std::size_t kManyEvents = 8;

// How late a host may always come, however short the time-out is.
constexpr std::chrono::milliseconds kLeastPatience{250};

// Whether the calling thread is an I/O thread, of whichever engine.
thread_local bool onIoThread = false;

// See IoThread::current.
thread_local const IoThread* here = nullptr;

}  // namespace

IoThread::IoThread(unsigned index, unsigned threads, const EngineOptions& options,
                   EngineHandler& handler, Port& port, Visitors& visitors, TotalBacklog& total,
                   HandOver handOver)
    : index_(index),
      handler_(handler),
      lookTimer_(environment_.reactor),
      doors_({.thread = index,
              .threads = threads,
              .environment = environment_,
              .host = *this,
              .sessions = sessions_,
              .handler = handler,
              .port = port,
              .visitors = visitors,
              .handOver = std::move(handOver)}),
      sessions_(index),
      rooms_(sessions_),
      backlog_(total, environment_, sessions_, doors_.ownPort.connections(), threads),
      timers_(environment_.timers),
      driving_(options.ioDriver, handler.canDrive(), processors()) {
  environment_.settings = settingsOf(options);
  environment_.host = &handler_;
  environment_.deflatePool = deflatePoolOf(options);
}

IoThread::~IoThread() {
  askToStop();
  join();
}

void IoThread::start() {
  thread_ = std::thread([this] { run(); });
}

void IoThread::askToStop() {
  queue_.stop();
  driving_.takeBack(true);
  post([this] { stopping_ = true; });
}

void IoThread::join() {
  if (thread_.joinable()) thread_.join();
}

IoThread::Here::Here(const IoThread* thread) : before_(std::exchange(here, thread)) {}

IoThread::Here::~Here() { here = before_; }

const IoThread* IoThread::current() { return here; }

// The loop.

void IoThread::run() {
  onIoThread = true;
  const Here itself(this);
  platform::nameThisThread("beastio-io-" + std::to_string(index_));
  while (!stopping_) {
    beginTurn();
    wait();
    runTurn();
    if (driving_.isClaimed() && queue_.isAnythingPosted()) continue;  // first what stands before it
    if (!driving_.offer(handler_.wasIdle(), environment_.now())) continue;
    environment_.counters.handOvers.add();
    watchHost();
  }
}

std::size_t IoThread::inboxBytes() const { return handler_.waiting(); }

void IoThread::beginTurn() {
  environment_.forgetNow();
  isTurnOver_ = false;
  workDone_ = 0;
}

// Returns whether there is more to run at once.
bool IoThread::runTurn() {
  environment_.counters.turns.add();
  const bool heardAll = runEvents();
  runPostponed();
  runTimers(heardAll);
  endBatch();
  return !heardAll || !postponed_.empty() || !own_.empty() || environment_.reactor.hasMore();
}

// Runs the first thing that happens, or returns when the next deadline has come.
void IoThread::wait() {
  const auto look = handler_.wakeAt();
  if (!postponed_.empty() || !own_.empty()) {
    environment_.reactor.poll();
    return;
  }
  if (look) {
    lookTimer_.ask(*look);
    queue_.beginToLook();
  }
  environment_.reactor.wait(environment_.timers.next());
  environment_.reactor.runNext();
  executeLaid();
}

// Returns whether nothing is left to be read.
bool IoThread::runEvents() {
  auto& reactor = environment_.reactor;
  for (int i = 1; i < kMaxEventsPerTurn && !environment_.isTurnFull(); ++i) {
    if (isTurnOver_) return false;
    if (!reactor.runNext() && !(mayMoreHaveCome() && reactor.poll() && reactor.runNext())) {
      return true;
    }
    ++unjudgedEvents_;
  }
  return false;
}

// To look costs a system call. Where little happens, the next wait does it.
bool IoThread::mayMoreHaveCome() {
  const auto& reactor = environment_.reactor;
  const auto next = environment_.timers.next();
  return reactor.found() >= kManyEvents || reactor.hasMore() ||
         (next && *next <= environment_.now());
}

// Goes on with commands that were too much for one turn, now that the sockets have had theirs.
void IoThread::runPostponed() {
  while (!postponed_.empty() && !isWorkDone() && !isTurnOver_) {
    const auto task = std::move(postponed_.front());
    postponed_.pop_front();
    task->run();
  }
}

// Nobody misses a deadline because this thread did, as on a machine that was suspended. What has
// come meanwhile is read first. Under endless load that is as much as comes when each connection
// has its turn.
void IoThread::runTimers(bool heardAll) {
  if (!heardAll && unjudgedEvents_ < 2 * sessions_.size() + kMaxEventsPerTurn) return;
  unjudgedEvents_ = 0;
  environment_.timers.run(environment_.now());
}

// Sends what was gathered. First the host hears of the sessions whose upgrades it has handed over.
// The answer may wake a client in the host's process, which then finds the session there.
void IoThread::flush() {
  if (doors_.admission.takeOpened()) tellHost();
  for (std::size_t i = 0; i < toFlush_.size(); ++i) {
    if (Client* client = sessions_.find(toFlush_[i])) client->session.flush();
  }
  toFlush_.clear();
  environment_.flushAll();
}

// What the handler answers to that goes out in the same turn, but only once: then it is time for
// the sockets.
void IoThread::endBatch() {
  sendGathered();
  tellHost();
  if (own_.empty()) return;
  executeOwn();
  sendGathered();
  tellHost();
}

void IoThread::sendGathered() {
  environment_.affinity.check();
  flush();
  settling_.swap(toSettle_);
  for (const auto id : settling_) {
    if (Client* client = sessions_.find(id)) client->session.settle();
  }
  settling_.clear();
  if (!toSettle_.empty()) post([] {});  // what they have sent leaves in a turn of its own
  look();
  environment_.emptyGraveyard();
  environment_.counters.waiting.set(environment_.chunks.waiting.bytes());
  environment_.bytesRead = 0;
}

void IoThread::tellHost() {
  if (environment_.takeNewlyDeferred()) handler_.onClientWaits();
  if (!handler_.onBatchEnd()) environment_.setInboxFull();
}

// The border.

void IoThread::claim() {
  driving_.claim([this] { post([] {}); }, Driving::Clock::now());
}

void IoThread::submit(std::shared_ptr<const Batch::Block> block, bool wakes) {
  const auto deliveries = block->deliveries(expectedRecipients_.load(std::memory_order_relaxed));
  const auto cost = block->cost(index_) + deliveries;
  Execution execution{std::move(block), cost};
  if (here == this && (isInTask_ || (postponed_.empty() && !queue_.isAnythingPosted()))) {
    queue_.admit(cost, false);
    own_.push_back(std::move(execution));
    return;
  }
  if (driving_.isHosts() && executeAsHost(execution, deliveries)) return;
  queue_.admit(cost, !onIoThread);
  if (!wakes && queue_.layDown(execution)) return;
  post([this, execution = std::move(execution)]() mutable { execute(std::move(execution)); });
}

void IoThread::runTask(const std::function<void()>& task) {
  executeOwn();
  isInTask_ = true;
  task();
  isInTask_ = false;
  if (postponed_.empty()) return executeOwn();
  for (; !own_.empty(); own_.pop_back()) {
    postponed_.push_front(transport::makeTask(
        [this, execution = std::move(own_.back())]() mutable { execute(std::move(execution)); }));
  }
}

void IoThread::wake() {
  if (queue_.isAnyLaid()) post([] {});
}

// Order: before anything that was posted after it was laid down.
void IoThread::executeLaid() {
  if (!queue_.mayBeLaid()) return;
  auto laid = queue_.takeLaid();
  executeAll(laid);
}

// Order: before anything that was posted after it was submitted.
void IoThread::executeOwn() {
  if (own_.empty()) return;
  executing_.swap(own_);  // handlers may submit more meanwhile
  executeAll(executing_);
  executing_.clear();
}

void IoThread::executeAll(std::vector<Execution>& executions) {
  for (auto& execution : executions) {
    if (postponed_.empty()) {
      execute(std::move(execution));
    } else {
      postpone(
          [this, execution = std::move(execution)]() mutable { execute(std::move(execution)); });
    }
  }
}

// Makes room if too much waits for clients.
void IoThread::look() {
  if (!backlog_.publish()) return;
  relieve();
  backlog_.askOthers();
}

void IoThread::relieve() {
  flush();
  backlog_.relieve();
}

void IoThread::resumeReading() {
  if (!handler_.isFull()) environment_.resumeReading();
}

void IoThread::renewSettings(std::shared_ptr<const transport::Settings> settings) {
  environment_.renewSettings(std::move(settings));
  post([this] { environment_.takeSettings(); });
}

// SessionHost.

void IoThread::onMessage(session::Session& session, const Message& message) {
  environment_.counters.messagesIn.add();
  handler_.onMessage(session.id(), message);
}

void IoThread::onHeartbeat(session::Session& session) {
  environment_.counters.heartbeats.add();
  handler_.onHeartbeat(session.id());
}

void IoThread::onUpgrading(session::Session& session, TransportName to, RequestId request) {
  handler_.onUpgrading(session.id(), to, request);
}

void IoThread::onUpgrade(session::Session& session, TransportName to, RequestId request) {
  environment_.counters.upgrades[to].add();
  handler_.onUpgrade(session.id(), to, request);
}

void IoThread::onUpgradeAbandoned(session::Session& session, RequestId request) {
  environment_.counters.abandonedUpgrades.add();
  handler_.onUpgradeAbandoned(session.id(), request);
}

void IoThread::onDrain(session::Session& session, unsigned marks) {
  handler_.onDrain(session.id(), marks);
}

void IoThread::onUnsent(std::size_t messages, bool isDropped) {
  unsent_ += messages;
  if (isDropped) environment_.counters.dropped.add(messages);
}

void IoThread::onRoundTrip(session::Session& session, session::TimePoint::duration time) {
  const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(time);
  facts_.setRoundTrip(session.id(), taken);
  environment_.counters.roundTrips.count(static_cast<std::uint64_t>(taken.count()));
}

void IoThread::onBalance(session::Session& session, std::int64_t bytes) {
  facts_.setBalance(session.id(), bytes);
}

void IoThread::onPressure(session::Session& session, bool isSlow, std::size_t bytes) {
  handler_.onPressure(session.id(), isSlow, bytes);
}

void IoThread::onTooFast(session::Session& session, Limit limit) {
  doors_.admission.note(limit, {}, session.sid());
}

std::optional<std::size_t> IoThread::queuedBytes(SessionId id) const {
  const Client* client = sessions_.find(id);
  return client == nullptr ? std::nullopt : std::optional(client->session.queuedBytes());
}

void IoThread::onClosed(session::Session& session, CloseReason reason,
                        std::string_view description) {
  const auto id = session.id();
  environment_.counters.sessions.at(session.transport(), session.protocol()).subtract();
  environment_.counters.closes[reason].add();
  rooms_.leaveAll(*sessions_.find(id));
  const auto post = session.post();
  environment_.bury(std::shared_ptr<Client>(sessions_.remove(id)));
  if (post != 0) doors_.ownPort.dropPost(post);
  handler_.onClose(id, reason, description);
}

const session::Settings& IoThread::settings() const { return *environment_.settings; }

void IoThread::wantFlush(session::Session& session) { toFlush_.push_back(session.id()); }

void IoThread::wantSettle(session::Session& session) { toSettle_.push_back(session.id()); }

void IoThread::wantTimer(session::Session& session, session::TimePoint when) {
  if (Client* client = sessions_.find(session.id())) client->armTimer(when);
}

// A client that takes three quarters of its time to answer is spared whenever the host is at fault.
session::TimePoint IoThread::excusedUntil() {
  return handler_.excusedUntil(std::max(settings().pingTimeout / 4, kLeastPatience));
}

// Seldom: it does not stand beside the commands that are frequent.
void IoThread::note(const Batch::Block& block, const Batch::Block::Command& command) {
  const auto parts = block.partsOf(command);
  std::vector<std::string_view> views;
  views.reserve(parts.size());
  for (const auto& part : parts) views.push_back(block.view(part));
  if (!views.empty()) handler_.onNote(command.id, views.front(), std::span(views).subspan(1));
}

}  // namespace beastio::engine
