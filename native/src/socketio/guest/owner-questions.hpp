// What C++ has the owner of a guest's sockets ask, as it knows other servers: acknowledgements of
// broadcasts, and who is there. Runs on: any thread. Owner: the ServerCore.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "beastio/socketio/arguments.hpp"

namespace beastio::socketio {

/// Whether the calling thread has asked something that it has to answer itself: it must not wait.
bool hasToAnswer();

class OwnerQuestions {
 public:
  /// What is called at the end: `expected`: how many sockets were asked.
  using Done = std::function<void(std::error_code error, std::size_t expected,
                                  const std::vector<OwnedArgs>& answers)>;

  /// Returns the number by which the owner answers. `isOwners`: the calling thread is the owner's.
  std::uint64_t add(Done done, bool isOwners);
  /// One socket has answered.
  void answer(std::uint64_t number, const Args& args);
  /// There will be no more answers. Returns what is to be called, on an I/O thread.
  std::function<void()> finish(std::uint64_t number, bool isTimedOut, std::size_t expected);
  /// The guest is closed: all are over.
  void close();

 private:
  struct Question {
    Done done;
    std::vector<OwnedArgs> answers;
    std::shared_ptr<std::atomic<int>> unanswered;  // of the owner's thread, if that has asked
  };

  std::mutex mutex_;
  std::uint64_t last_ = 0;                                 // guarded
  std::unordered_map<std::uint64_t, Question> questions_;  // guarded
};

}  // namespace beastio::socketio
