// The last messages of every conversation, in memory. Bounds: 50 messages per conversation, and 500
// conversations (the quietest goes first). Image bytes over all of them: 32 MB. Then the oldest
// image loses its bytes; its message stays. Runs on: the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wire.hpp"

namespace chat {

class History {
 public:
  void add(const std::string& conversation, Message message);
  /// Oldest first; images without their bytes, which the page asks for one by one.
  std::vector<Message> list(const std::string& conversation) const;
  /// Of the message of that id. Returns none if it is unknown there, or its bytes are gone.
  std::optional<Image> image(const std::string& conversation, std::string_view id) const;
  /// Ids of those whom a person has a private conversation with.
  std::vector<std::string> peersOf(std::string_view id) const;
  void drop(const std::string& conversation);

 private:
  /// The number of a message orders it among all. Without bytes: its image is in `images_`.
  struct Kept {
    std::uint64_t number;
    Message message;
  };
  struct Conversation {
    std::string name;
    std::deque<Kept> messages;
  };
  using Place = std::list<Conversation>::iterator;

  Place placeOf(const std::string& conversation);
  void drop(Place place);
  void forgetImage(std::uint64_t number);

  std::list<Conversation> conversations_;  // the quietest first
  std::unordered_map<std::string, Place> byName_;
  std::map<std::uint64_t, Image> images_;  // by the number of their message
  std::size_t imageBytes_ = 0;
  std::uint64_t lastNumber_ = 0;
};

/// The name of the conversation that only these two have.
std::string directOf(const std::string& a, const std::string& b);

}  // namespace chat
