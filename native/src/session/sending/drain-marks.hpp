// Who waits for what was sent to be taken: each mark is how much the channel will have taken when
// it comes true. Pure. Runs on: the session's I/O thread. Owner: the session.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace beastio::session {

class DrainMarks {
 public:
  bool empty() const { return marks_.empty(); }
  /// A mark that comes true when `position` is taken. Order: positions never decrease.
  void add(std::uint64_t position) { marks_.push_back(position); }
  /// All that wait do so for `position` from now on.
  void move(std::uint64_t position) { std::fill(marks_.begin(), marks_.end(), position); }
  /// Takes out those that have come true, and returns how many there were.
  unsigned take(std::uint64_t taken) {
    const auto end = std::upper_bound(marks_.begin(), marks_.end(), taken);
    const auto count = static_cast<unsigned>(end - marks_.begin());
    marks_.erase(marks_.begin(), end);
    return count;
  }
  /// Takes out all.
  unsigned takeAll() {
    const auto count = static_cast<unsigned>(marks_.size());
    marks_.clear();
    return count;
  }

 private:
  std::vector<std::uint64_t> marks_;
};

}  // namespace beastio::session
