#include "engine/backlog.hpp"

#include <algorithm>
#include <vector>

#include "platform/process.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {
namespace {

// Of the bound: what all threads together may add without looking, and what is freed beyond it, so
// that neither is done for every packet.
constexpr std::size_t kStepsToBound = 64;
constexpr std::size_t kRoomInBound = 16;

// Who has taken something within this time reads. They are spared for as long as other threads may
// have slower clients, which is until the bound is passed by another kRoomInBound-th.
constexpr std::chrono::seconds kPatience{1};

// What a thread must have freed before it is worth a walk through its memory, and how long it is
// waited for more.
constexpr std::size_t kTrimBytes = 64U << 20U;
constexpr std::chrono::seconds kTrimDelay{1};

}  // namespace

/// Whom cutting off makes room: a client, or a connection with the answer of one's poll.
struct Backlog::Slow {
  std::chrono::duration<double> time{};  // since it last took something
  std::size_t bytes = 0;
  SessionId id{};
  transport::HttpConnection* answering = nullptr;

  double byteSeconds() const { return time.count() * static_cast<double>(bytes); }
  /// The worst comes first.
  bool operator<(const Slow& other) const {
    return std::pair(byteSeconds(), bytes) > std::pair(other.byteSeconds(), other.bytes);
  }
};

Backlog::Backlog(TotalBacklog& total, transport::Environment& environment, SessionTable& sessions,
                 PortConnections& connections, unsigned threads)
    : TimerClient(environment.timers),
      total_(total),
      environment_(environment),
      sessions_(sessions),
      connections_(connections),
      threads_(threads) {}

const transport::Settings& Backlog::settings() const { return *environment_.settings; }

void Backlog::askOthers() {
  if (total_.bytes() > settings().maxTotalSendQueueBytes) total_.ask();
}

bool Backlog::publish() {
  const auto now = waiting();
  if (now == published_ && now < lookAt_) return false;
  const auto bound = settings().maxTotalSendQueueBytes;
  const auto total = total_.change(std::exchange(published_, now), now);
  lookAt_ = now + std::max<std::size_t>(1, bound / kStepsToBound / threads_);
  peak_ = std::max(peak_, now);
  if (settings().trimMemory && peak_ - now >= kTrimBytes) armTimer(environment_.now() + kTrimDelay);
  return total > bound;
}

std::vector<Backlog::Slow> Backlog::slowest() const {
  const auto now = environment_.now();
  std::vector<Slow> all;
  for (const auto id : sessions_.ids()) {
    const auto& session = sessions_.find(id)->session;
    if (session.queuedBytes() == 0) continue;
    all.push_back({.time = now - session.stalledSince().value_or(now),
                   .bytes = session.queuedBytes(),
                   .id = id});
  }
  for (auto* connection : connections_.answering()) {
    all.push_back({.time = now - connection->stalledSince(),
                   .bytes = connection->queuedBytes(),
                   .answering = connection});
  }
  std::sort(all.begin(), all.end());
  return all;
}

void Backlog::relieve() {
  total_.answer();
  const auto bound = settings().maxTotalSendQueueBytes;
  const auto room = bound / kRoomInBound;
  const auto enough = bound - room;
  publish();
  if (total_.bytes() <= bound) return;
  const auto isDone = [&] { return published_ <= enough / threads_ || total_.bytes() <= enough; };
  if (isDone()) return;
  for (const auto& slow : slowest()) {
    if (slow.time < kPatience && total_.bytes() <= bound + room) continue;
    if (slow.answering != nullptr) {
      slow.answering->destroy();
    } else if (Client* client = sessions_.find(slow.id)) {
      client->session.cutOff(base::Cut::kTotalSendQueue);
    }
    publish();
    if (isDone()) return;
  }
}

void Backlog::onTimer(std::chrono::steady_clock::time_point) {
  if (peak_ - waiting() < kTrimBytes) return;  // what was free is in use again
  peak_ = waiting();
  std::vector<std::vector<std::uint8_t>>().swap(environment_.chunks.spare);
  platform::giveFreeMemoryBack();
}

}  // namespace beastio::engine
