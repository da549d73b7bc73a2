#include "engine/engine-core.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <system_error>

#include "engine/doors/doors.hpp"
#include "engine/registry/sids.hpp"
#include "transport/loop/client-address.hpp"
#include "transport/loop/settings.hpp"

namespace beastio {

using engine::TimerNumber;

namespace {

// What the deadlines of timers are kept within: sums beyond it would overflow.
constexpr std::chrono::milliseconds kMostDelay = std::chrono::hours(24 * 365 * 50);
constexpr std::chrono::milliseconds kLeastDelay{1};

}  // namespace

EngineCore::EngineCore(const EngineOptions& options, const HandlerOf& handlerOf)
    : perMessageDeflate(options.perMessageDeflate) {
  if (options.ioThreads < 1 || options.ioThreads > SessionId::kMaxThreads) {
    throw std::invalid_argument("ioThreads must be between 1 and 64");
  }
  for (const auto& proxy : options.admission.trustedProxies) {
    if (!transport::TrustedProxies().add(proxy)) {
      throw std::invalid_argument("trustedProxies: \"" + proxy + "\" is no address or range");
    }
  }
  for (unsigned i = 0; i < options.ioThreads; ++i) add(options, handlerOf(i));
  for (const auto& thread : threads) thread->start();
}

// Adds an I/O thread, which does not run yet.
void EngineCore::add(const EngineOptions& options, EngineHandler& handler) {
  threads.push_back(std::make_unique<IoThread>(
      count(), options.ioThreads, options, handler, port, visitors, backlog,
      [this](unsigned thread, transport::Carrier carrier, std::string bytes) {
        serve(thread, std::move(carrier), std::move(bytes));
      }));
}

void EngineCore::askToStop() {
  {
    const std::lock_guard lock(asking);
    stopped = true;
  }
  for (const auto& thread : threads) thread->askToStop();
}

void EngineCore::stop() {
  if (here() != nullptr) throw std::logic_error("an I/O thread cannot wait for its own end");
  askToStop();
  const std::lock_guard lock(joining);
  for (const auto& thread : threads) thread->join();
}

engine::IoThread* EngineCore::here() const {
  const auto* const current = IoThread::current();
  if (current == nullptr || current->index() >= count()) return nullptr;
  const auto& thread = threads[current->index()];
  return thread.get() == current ? thread.get() : nullptr;
}

unsigned EngineCore::choose(std::string_view target, std::string_view sid) {
  const auto named = engine::threadOf(target, sid, count());
  return named ? *named : nextInTurn();
}

std::uint64_t EngineCore::arm(unsigned thread, std::chrono::milliseconds delay,
                              std::chrono::milliseconds period, std::function<void()> task) {
  auto& owner = *threads.at(thread);
  if (!task || stopped) return 0;
  delay = std::clamp(delay, kLeastDelay, kMostDelay);
  const bool isHere = here() == &owner;
  const auto serial = lastTimer.fetch_add(1, std::memory_order_relaxed) + 1;
  const auto id = TimerNumber::make(thread, isHere, serial);
  if (isHere) {
    owner.timers().arm(id, owner.environment().now() + delay, period, std::move(task));
  } else {
    const auto when = std::chrono::steady_clock::now() + delay;
    owner.post([&owner, id, when, period, task = std::move(task)]() mutable {
      owner.timers().arm(id, when, period, std::move(task));
    });
  }
  return id;
}

void EngineCore::serve(unsigned thread, transport::Carrier carrier, std::string bytes) {
  auto& owner = *threads[thread];
  owner.post([&owner, carrier = std::move(carrier), bytes = std::move(bytes)]() mutable {
    owner.doors().ownPort.connections().serve(std::move(carrier), bytes);
  });
}

void EngineCore::accept(int descriptor, const transport::PeerName& peer) {
  transport::Descriptor held(descriptor);
  auto& environment = threads.front()->environment();
  const auto limit = environment.settings->port.maxConnections;
  if (limit > 0 && port.connections() >= static_cast<std::int64_t>(limit)) {
    return environment.counters.turnedAway.add();
  }
  port.add(1);
  welcome(std::move(held), peer);
}

void EngineCore::welcome(transport::Descriptor held,
                         const std::optional<transport::PeerName>& peer) {
  auto& owner = *threads[nextInTurn()];
  owner.post([&owner, held = std::move(held), peer]() mutable {
    owner.doors().ownPort.connections().welcome(std::move(held), peer);
  });
}

void EngineCore::closeListener() {
  if (listener) std::exchange(listener, nullptr)->close();
}

}  // namespace beastio
