// The event loop and the phases of a run.
#include "run.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "error.hpp"

namespace load {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::size_t kReadBufferBytes = 256 * 1024;
constexpr std::size_t kHandshakesAtOnce = 64;
constexpr std::size_t kEventsAtOnce = 256;
constexpr auto kConnectTimeout = 60s;
constexpr auto kStallTimeout = 10s;
constexpr milliseconds kLongestWait = 100ms;
constexpr milliseconds kPacedWait = 1ms;

}  // namespace

Run::Run(const Settings& settings)
    : settings_(settings),
      cpu_(settings.pid),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      workload_(makeWorkload(settings_, *this, tally_)),
      awaitsWritable_(settings.connections),
      buffer_(kReadBufferBytes),
      events_(kEventsAtOnce) {
  if (epoll_ < 0) failWithErrno("cannot make an epoll");
}

Run::~Run() { close(epoll_); }

Result Run::execute() {
  const auto connectingSince = Clock::now();
  connectAll();
  const auto connected = Clock::now();

  workload_->start(connected);
  flushTouched();
  loopUntil(connected + settings_.warmup);

  const auto begin = Clock::now();
  const CpuReading before = cpu_.read();
  tally_ = {};
  busy_ = {};
  loopUntil(begin + settings_.measure);
  const auto end = Clock::now();
  const CpuReading after = cpu_.read();

  if (workload_->oldestUnanswered() < begin) {
    throw LoadError("a message from before the measured window still has no answer");
  }
  return {.tally = tally_,
          .cpu = after - before,
          .window = end - begin,
          .busy = busy_,
          .connecting = connected - connectingSince};
}

void Run::send(std::size_t connection, std::string_view packet) {
  if (!connections_[connection]->hasUnsent()) touched_.push_back(connection);
  connections_[connection]->queue(packet);
}

void Run::connectAll() {
  const auto deadline = Clock::now() + kConnectTimeout;
  lastEvent_ = Clock::now();
  while (ready_ < settings_.connections) {
    while (connections_.size() < std::min(settings_.connections, ready_ + kHandshakesAtOnce)) {
      openNext();
    }
    poll(kLongestWait);
    if (Clock::now() > deadline) {
      throw LoadError("only " + std::to_string(ready_) + " of " +
                      std::to_string(settings_.connections) + " clients connected in time");
    }
  }
}

void Run::openNext() {
  const std::size_t index = connections_.size();
  connections_.push_back(std::make_unique<Connection>(index, settings_.port));
  watch(index, EPOLL_CTL_ADD, false);
  touched_.push_back(index);
  flushTouched();
}

void Run::loopUntil(Clock::time_point deadline) {
  lastEvent_ = Clock::now();
  for (auto now = lastEvent_; now < deadline; now = Clock::now()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - now);
    poll(std::min(left, settings_.pause.count() > 0 ? kPacedWait : kLongestWait));
  }
}

void Run::poll(milliseconds timeout) {
  auto begin = Clock::now();
  if (ready_ == settings_.connections) {
    workload_->onTime(begin);
    flushTouched();
  }
  std::size_t count = wait(milliseconds(0));
  if (count == 0 && !settings_.spin) {
    count = wait(timeout);
    begin = Clock::now();
  }
  if (count == 0) {
    if (begin - lastEvent_ > kStallTimeout) {
      throw LoadError("the server has sent nothing for 10 seconds");
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) handle(events_[i].data.u64);
  lastEvent_ = Clock::now();
  busy_ += lastEvent_ - begin;
}

std::size_t Run::wait(milliseconds timeout) {
  const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()),
                               static_cast<int>(timeout.count()));
  if (count < 0 && errno != EINTR) failWithErrno("epoll_wait");
  return static_cast<std::size_t>(std::max(count, 0));
}

void Run::handle(std::size_t connection) {
  Connection& it = *connections_[connection];
  const bool wasReady = it.ready();
  touched_.push_back(connection);  // a pong, or what did not fit before, has to leave as well
  it.receive(buffer_, *workload_);
  if (!wasReady && it.ready()) ++ready_;
  flushTouched();
}

void Run::flushTouched() {
  for (const std::size_t connection : touched_) {
    Connection& it = *connections_[connection];
    it.flush();
    if (it.hasUnsent() != awaitsWritable_[connection]) {
      watch(connection, EPOLL_CTL_MOD, it.hasUnsent());
    }
  }
  touched_.clear();
}

void Run::watch(std::size_t connection, int operation, bool forWriting) {
  epoll_event event{};
  event.events = EPOLLIN | (forWriting ? EPOLLOUT : 0U);
  event.data.u64 = connection;
  if (epoll_ctl(epoll_, operation, connections_[connection]->descriptor(), &event) != 0) {
    failWithErrno("epoll_ctl");
  }
  awaitsWritable_[connection] = forWriting;
}

}  // namespace load
