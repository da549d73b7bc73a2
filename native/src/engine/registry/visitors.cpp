#include "engine/registry/visitors.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace beastio::engine {
namespace {

constexpr std::size_t kLeastSweep = 1024;
constexpr std::chrono::seconds kMemory{1};  // a bucket that is left alone is full after that

}  // namespace

std::size_t Visitors::Hash::operator()(const AddressKey& key) const {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(key.data()), key.size()});
}

std::size_t Visitors::sizeOf(const AddressKey& address) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(address);
  return found == entries_.end() ? 0 : found->second.sessions;
}

std::size_t Visitors::addresses() {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool Visitors::knock(const AddressKey& address, std::size_t perSecond, TimePoint now) {
  const std::lock_guard lock(mutex_);
  auto& entry = entryOf(address);
  const auto most = static_cast<double>(perSecond);
  // The clocks of two threads differ by the length of their turns.
  const auto passed = entry.since ? std::max(now - *entry.since, TimePoint::duration{}) : kMemory;
  const std::chrono::duration<double> seconds = passed;
  entry.knocks = std::min(most, entry.knocks + seconds.count() * most);
  entry.since = entry.since ? std::max(now, *entry.since) : now;
  if (entry.knocks < 1) return false;
  entry.knocks -= 1;
  return true;
}

Visitors::Visit Visitors::enter(std::size_t most) {
  return count(most) ? Visit(&anybody_) : nullptr;
}

Visitors::Visit Visitors::enter(std::size_t most, const AddressKey& address,
                                std::size_t mostOfAddress) {
  if (!count(most)) return nullptr;
  const std::lock_guard lock(mutex_);
  auto& entry = entryOf(address);
  if (entry.sessions >= mostOfAddress) {
    size_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
  }
  ++entry.sessions;
  return Visit(&entry);
}

Visitors::Line Visitors::connect(const AddressKey& address, std::size_t mostOfAddress) {
  const std::lock_guard lock(mutex_);
  auto& entry = entryOf(address);
  if (entry.connections >= mostOfAddress) return nullptr;
  ++entry.connections;
  return Line(&entry);
}

bool Visitors::count(std::size_t most) {
  if (size_.fetch_add(1, std::memory_order_relaxed) < most) return true;
  size_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void Visitors::leave(Entry& entry) {
  size_.fetch_sub(1, std::memory_order_relaxed);
  if (&entry == &anybody_) return;
  const std::lock_guard lock(mutex_);
  --entry.sessions;
}

void Visitors::hangUp(Entry& entry) {
  const std::lock_guard lock(mutex_);
  --entry.connections;
}

// Forgets those that nothing is known of any more when there are twice as many as the last time.
Visitors::Entry& Visitors::entryOf(const AddressKey& address) {
  if (entries_.size() >= sweepAt_) {
    const auto before = std::chrono::steady_clock::now() - kMemory;
    std::erase_if(entries_, [before](const auto& each) {
      const auto& entry = each.second;
      return entry.sessions + entry.connections == 0 && (!entry.since || *entry.since < before);
    });
    sweepAt_ = std::max(kLeastSweep, 2 * entries_.size());
  }
  // Whoever leaves reads `owner` without the lock, so it is written but once.
  return entries_.try_emplace(address, Entry{.owner = this}).first->second;
}

}  // namespace beastio::engine
