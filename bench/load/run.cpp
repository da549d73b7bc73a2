// The event loop and the phases of a run.
#include "run.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>

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
constexpr auto kStarvedAfter = 5s;
constexpr milliseconds kLongestWait = 100ms;
constexpr milliseconds kSettleStep = 1ms;
constexpr std::size_t kSocketsPerClient = 3;

}  // namespace

Run::Run(const Settings& settings)
    : settings_(settings),
      cpu_(settings.pid),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      workload_(makeWorkload(settings_, *this, tally_)),
      watched_(settings.connections),
      awaitsWritable_(kSocketsPerClient * settings.connections),
      buffer_(kReadBufferBytes),
      events_(kEventsAtOnce) {
  if (epoll_ < 0) failWithErrno("cannot make an epoll");
  if (settings.tls) tls_.emplace();
}

Run::~Run() { close(epoll_); }

Result Run::execute() {
  const std::uint64_t residentAtFirst = cpu_.readResident();
  const auto connectingSince = Clock::now();
  connectAll();
  const auto connected = Clock::now();

  workload_->start(connected);
  flushTouched();
  loopUntil(connected + settings_.warmup);
  settle();

  const std::uint64_t residentAtBegin = cpu_.readResident();
  if (settings_.collect) kill(settings_.pid, SIGUSR2);
  const auto begin = Clock::now();
  const CpuReading before = cpu_.read();
  tally_ = {};
  busy_ = {};
  workload_->onWindow(begin);
  loopUntil(begin + settings_.measure);
  settle();
  const auto end = Clock::now();
  const CpuReading after = cpu_.read();

  const Result result{.tally = tally_,
                      .cpu = after - before,
                      .window = end - begin,
                      .busy = busy_,
                      .connecting = connected - connectingSince,
                      .residentAtFirst = residentAtFirst,
                      .residentAtBegin = residentAtBegin,
                      .residentAtEnd = cpu_.readResident()};
  awaitAnswersOf(begin);
  return result;
}

void Run::settle() {
  const auto deadline = Clock::now() + kConnectTimeout;
  while (!workload_->settled()) {
    if (Clock::now() > deadline) throw LoadError("some clients have not come back in time");
    loopUntil(Clock::now() + kSettleStep);
  }
}

void Run::awaitAnswersOf(Clock::time_point begin) {
  const auto deadline = Clock::now() + kStarvedAfter;
  while (workload_->oldestUnanswered() < begin) {
    if (Clock::now() > deadline) {
      throw LoadError("a message from before the measured window still has no answer");
    }
    loopUntil(Clock::now() + kLongestWait);
  }
}

void Run::send(std::size_t client, std::string_view packet, std::string_view attachment) {
  clients_[client]->send(packet, attachment);
  touched_.push_back(client);
}

void Run::connectAll() {
  const auto begin = Clock::now();
  const auto deadline = begin + kConnectTimeout;
  lastEvent_ = begin;
  while (ready_ < settings_.connections) {
    const auto now = Clock::now();
    const std::size_t due = dueToConnect(now - begin);
    while (clients_.size() < std::min(due, ready_ + kHandshakesAtOnce)) {
      clients_.emplace_back();
      open(clients_.size() - 1);
    }
    poll(now + (due < settings_.connections ? kSettleStep : kLongestWait));
    if (Clock::now() > deadline) {
      throw LoadError("only " + std::to_string(ready_) + " of " +
                      std::to_string(settings_.connections) + " clients connected in time");
    }
  }
}

std::size_t Run::dueToConnect(Clock::duration elapsed) const {
  if (elapsed >= settings_.connectOver) return settings_.connections;
  return 1 + static_cast<std::size_t>(settings_.connections * (elapsed / 1ms) /
                                      (settings_.connectOver / 1ms));
}

void Run::open(std::size_t client) {
  const TlsContext* tls = tls_ ? &*tls_ : nullptr;
  clients_[client] = std::make_unique<Client>(client, settings_, tls, *workload_);
  watched_[client] = 0;
  watchNew(client);
  touched_.push_back(client);
  flushTouched();
}

void Run::watchNew(std::size_t client) {
  std::size_t& which = watched_[client];
  for (; which < clients_[client]->socketCount(); ++which) {
    awaitsWritable_[kSocketsPerClient * client + which] = false;
    watch(client, which, EPOLL_CTL_ADD);
  }
}

void Run::loopUntil(Clock::time_point deadline) {
  lastEvent_ = Clock::now();
  for (auto now = lastEvent_; now < deadline; now = Clock::now()) {
    poll(std::min({deadline, now + kLongestWait, workload_->nextDue()}));
  }
}

void Run::poll(Clock::time_point deadline) {
  auto begin = Clock::now();
  if (ready_ == settings_.connections) {
    workload_->onTime(begin);
    openReplacements();
    flushTouched();
  }
  std::size_t count = wait(0ns);
  if (count == 0 && !settings_.spin) {
    count = wait(std::max<std::chrono::nanoseconds>(deadline - Clock::now(), 0ns));
    begin = Clock::now();
  }
  if (count == 0) {
    if (begin - lastEvent_ > kStallTimeout && workload_->expectsAnswers()) {
      throw LoadError("the server has sent nothing for 10 seconds");
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t place = events_[i].data.u64;
    handle(place / kSocketsPerClient, place % kSocketsPerClient);
  }
  lastEvent_ = Clock::now();
  busy_ += lastEvent_ - begin;
}

std::size_t Run::wait(std::chrono::nanoseconds timeout) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
  const timespec longest{.tv_sec = seconds.count(), .tv_nsec = (timeout - seconds).count()};
  const int count =
      epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()), &longest, nullptr);
  if (count < 0 && errno != EINTR) failWithErrno("epoll_wait");
  return static_cast<std::size_t>(std::max(count, 0));
}

void Run::handle(std::size_t client, std::size_t which) {
  Client& it = *clients_[client];
  // The event may be of the client that was in this place before.
  if (which >= watched_[client]) return;
  const bool wasReady = it.ready();
  touched_.push_back(client);  // a pong, or what did not fit before, has to leave as well
  it.receive(which, buffer_);
  watchNew(client);
  flushTouched();
  if (wasReady || !it.ready()) return;
  if (ready_ < settings_.connections) {
    ++ready_;
  } else {
    workload_->onReady(client, Clock::now());
    openReplacements();
  }
}

void Run::flushTouched() {
  for (const std::size_t client : touched_) {
    Client& it = *clients_[client];
    it.flush();
    for (std::size_t which = 0; which < it.socketCount(); ++which) {
      const std::size_t place = kSocketsPerClient * client + which;
      if (it.socket(which).blocked() == awaitsWritable_[place]) continue;
      awaitsWritable_[place] = !awaitsWritable_[place];
      watch(client, which, EPOLL_CTL_MOD);
    }
  }
  touched_.clear();
}

void Run::openReplacements() {
  // Not from within the client that leaves, and not while another one is flushed.
  for (const std::size_t client : std::exchange(replaced_, {})) open(client);
  if (!std::exchange(replacesAll_, false)) return;
  touched_.clear();
  for (auto& client : clients_) {
    for (std::size_t which = 0; which < client->socketCount(); ++which) {
      client->socket(which).resetOnClose();
    }
    client.reset();
  }
  for (std::size_t client = 0; client < clients_.size(); ++client) open(client);
}

void Run::watch(std::size_t client, std::size_t which, int operation) {
  const std::size_t place = kSocketsPerClient * client + which;
  epoll_event event{};
  event.events = EPOLLIN | (awaitsWritable_[place] ? EPOLLOUT : 0U);
  event.data.u64 = place;
  if (epoll_ctl(epoll_, operation, clients_[client]->socket(which).descriptor(), &event) != 0) {
    failWithErrno("epoll_ctl");
  }
}

}  // namespace load
