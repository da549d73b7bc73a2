// The sessions of one I/O thread by slot and by sid. A slot's generation grows with every use, so
// that an id of a session that is gone finds nothing. Runs on: the I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/thread-affinity.hpp"
#include "beastio/session-id.hpp"
#include "engine/registry/client.hpp"

namespace beastio::engine {

class SessionTable {
 public:
  explicit SessionTable(unsigned thread) : thread_(thread) {}

  /// The id that the next `add` must use. Empty id when all slots are taken.
  SessionId reserve() {
    if (free_.empty()) {
      if (slots_.size() >> SessionId::kSlotBits != 0) return {};
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const auto slot = free_.back();
    return {(thread_ << SessionId::kSlotBits) | slot, slots_[slot].generation};
  }

  Client& add(std::unique_ptr<Client> client) {
    affinity_.check();
    auto& result = *client;
    free_.pop_back();
    bySid_.emplace(result.session.sid(), &result);
    slots_[result.session.id().slot()].client = std::move(client);
    return result;
  }

  /// Takes a client out; its id is stale from now on.
  std::unique_ptr<Client> remove(SessionId id) {
    affinity_.check();
    auto& slot = slots_[id.slot()];
    auto client = std::move(slot.client);
    bySid_.erase(client->session.sid());
    if (++slot.generation == 0) slot.generation = 1;
    free_.push_back(id.slot());
    return client;
  }

  /// Null for an id that is stale or of another thread.
  Client* find(SessionId id) const {
    affinity_.check();
    if (id.thread() != thread_ || id.slot() >= slots_.size()) return nullptr;
    const auto& slot = slots_[id.slot()];
    return slot.generation == id.generation ? slot.client.get() : nullptr;
  }

  Client* find(std::string_view sid) const {
    const auto found = bySid_.find(sid);
    return found == bySid_.end() ? nullptr : found->second;
  }

  std::size_t size() const { return bySid_.size(); }

  /// The ids of all sessions, for loops that remove some.
  std::vector<SessionId> ids() const {
    std::vector<SessionId> result;
    result.reserve(bySid_.size());
    for (const auto& [sid, client] : bySid_) result.push_back(client->session.id());
    return result;
  }

 private:
  struct Slot {
    std::unique_ptr<Client> client;
    std::uint32_t generation = 1;
  };

  unsigned thread_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::string_view, Client*> bySid_;  // keys live in the sessions
  [[no_unique_address]] base::ThreadAffinity affinity_;
};

}  // namespace beastio::engine
