#include "socketio/guest/owner-questions.hpp"

#include <memory>
#include <utility>

#include "beastio/socketio/errors.hpp"

namespace beastio::socketio {

namespace {

// What this thread has asked and has to answer; questions may outlive it.
thread_local const auto unansweredHere = std::make_shared<std::atomic<int>>(0);

void forget(const std::shared_ptr<std::atomic<int>>& unanswered) {
  if (unanswered) --*unanswered;
}

}  // namespace

bool hasToAnswer() { return *unansweredHere > 0; }

std::uint64_t OwnerQuestions::add(Done done, bool isOwners) {
  if (isOwners) ++*unansweredHere;
  const std::lock_guard lock(mutex_);
  questions_.emplace(++last_, Question{std::move(done), {}, isOwners ? unansweredHere : nullptr});
  return last_;
}

void OwnerQuestions::answer(std::uint64_t number, const Args& args) {
  const std::lock_guard lock(mutex_);
  const auto found = questions_.find(number);
  if (found != questions_.end()) found->second.answers.push_back(args.copy());
}

std::function<void()> OwnerQuestions::finish(std::uint64_t number, bool isTimedOut,
                                             std::size_t expected) {
  const std::lock_guard lock(mutex_);
  const auto found = questions_.find(number);
  if (found == questions_.end()) return [] {};
  const auto last = std::make_shared<const Question>(std::move(found->second));
  questions_.erase(found);
  forget(last->unanswered);
  const auto error = isTimedOut ? make_error_code(Errc::kTimeout) : std::error_code();
  return [last, error, expected] { last->done(error, expected, last->answers); };
}

void OwnerQuestions::close() {
  std::unordered_map<std::uint64_t, Question> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(questions_);
  }
  for (const auto& [number, question] : all) {
    forget(question.unanswered);
    question.done(make_error_code(Errc::kClosed), 0, {});
  }
}

}  // namespace beastio::socketio
