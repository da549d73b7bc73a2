// The event packets of a run, each one different: a sender and a sequence number are stamped into
// the payload. An answer is right if it is the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace load {

/// What the argument of an event is.
enum class Payload {
  kText,    // a string of ASCII letters
  kJson,    // an object with the records of a feed
  kBinary,  // a buffer, which travels as an attachment
};

/// How the packets of one kind of event look.
struct MessageForm {
  std::string event;
  std::string prefix;    // of the namespace
  std::string argument;  // before the payload, as JSON and with its comma, in the request only
  bool acknowledged = false;
  Payload payload = Payload::kText;
  std::size_t payloadBytes = 0;  // about: JSON is not cut in the middle of a record
};

class Message {
 public:
  /// Errors: a LoadError when the payload has no room for the two numbers.
  explicit Message(const MessageForm& form);

  /// The packet with these numbers, as it is sent. Lifetime: until the next call.
  std::string_view request(std::uint32_t sender, std::uint32_t sequence);
  /// And its attachment; empty unless the payload is binary.
  std::string_view attachment(std::uint32_t sender, std::uint32_t sequence);

  /// Errors: a LoadError that says what `client` got in place of the answer with these numbers.
  void expectAnswer(std::size_t client, std::string_view got, std::uint32_t sender,
                    std::uint32_t sequence);
  void expectAttachment(std::size_t client, std::string_view got, std::uint32_t sender,
                        std::uint32_t sequence);
  bool hasAttachment() const { return !attachment_.empty(); }

 private:
  /// Bytes with places for the numbers.
  struct Template {
    std::string bytes;
    std::size_t numbersAt = std::string::npos;
    std::size_t idAt = std::string::npos;  // of an acknowledgement

    std::string_view stamp(std::uint32_t sender, std::uint32_t sequence);
  };

  Template request_;
  Template answer_;  // empty when it is the same as the request
  std::string attachment_;
};

}  // namespace load
