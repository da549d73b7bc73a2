// An answer in the person's words.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace chat {

/// What a person asks for is not done; `what` is the sentence that they read.
class Refusal : public std::runtime_error {
 public:
  Refusal(std::string code, const std::string& sentence)
      : std::runtime_error(sentence), code_(std::move(code)) {}

  /// For the page.
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace chat
