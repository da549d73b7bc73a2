#include "engine/doors/shared/limit-notes.hpp"

#include "beastio/host/limits.hpp"

namespace beastio::engine {
namespace {

constexpr std::chrono::seconds kPause{1};

}  // namespace

static_assert(static_cast<std::size_t>(Limit::kMaxConnectionsPerAddress) + 1 ==
              LimitNotes::kLimits);

void LimitNotes::note(Limit limit, std::string address, std::string sid, TimePoint now) {
  const auto index = static_cast<std::size_t>(limit);
  auto& note = notes_[index];
  ++note.count;
  note.address = std::move(address);
  note.sid = std::move(sid);
  if (now < note.next) return armTimer(note.next);
  tell(index, now);
}

void LimitNotes::onTimer(TimePoint now) {
  for (std::size_t i = 0; i < notes_.size(); ++i) {
    const auto& note = notes_[i];
    if (note.count == 0) continue;
    if (now >= note.next)
      tell(i, now);
    else
      armTimer(note.next);
  }
}

void LimitNotes::tell(std::size_t limit, TimePoint now) {
  auto& note = notes_[limit];
  note.next = now + kPause;
  tell_({.limit = static_cast<Limit>(limit),
         .count = std::exchange(note.count, 0),
         .address = note.address,
         .sid = note.sid});
}

}  // namespace beastio::engine
