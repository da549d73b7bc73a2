// The event packets of a run, each one different: `42["echo","000000070000002ammmm…"]` with the
// sender and a sequence number in its payload. An answer is right if it is the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace load {

class Message {
 public:
  /// Errors: a LoadError when the payload has no room for the two numbers.
  Message(std::string_view event, std::size_t payloadBytes);

  /// The packet with these numbers. Lifetime: until the next call.
  std::string_view stamp(std::uint32_t sender, std::uint32_t sequence);

  /// Throws a LoadError that says what `member` got in place of the packet with these numbers.
  [[noreturn]] void reject(std::size_t member, std::string_view got, std::uint32_t sender,
                           std::uint32_t sequence);

 private:
  std::string packet_;
  std::size_t numbersAt_;
};

}  // namespace load
