#include "history.hpp"

#include <utility>

namespace chat {
namespace {

constexpr std::size_t kMessagesPerConversation = 50;
constexpr std::size_t kConversations = 500;
constexpr std::size_t kImageBytes = 32'000'000;

constexpr std::string_view kDirect = "direct:";

}  // namespace

std::string directOf(const std::string& a, const std::string& b) {
  return std::string(kDirect) + (a < b ? a + ":" + b : b + ":" + a);
}

void History::add(const std::string& conversation, Message message) {
  const auto number = ++lastNumber_;
  const auto place = placeOf(conversation);
  conversations_.splice(conversations_.end(), conversations_, place);
  if (message.image) {
    imageBytes_ += message.image->bytes;
    images_.emplace(number, *message.image);
    message.image->data.reset();
  }
  place->messages.push_back({number, std::move(message)});
  if (place->messages.size() > kMessagesPerConversation) {
    forgetImage(place->messages.front().number);
    place->messages.pop_front();
  }
  if (conversations_.size() > kConversations) drop(conversations_.begin());
  while (imageBytes_ > kImageBytes) forgetImage(images_.begin()->first);
}

std::vector<Message> History::list(const std::string& conversation) const {
  std::vector<Message> messages;
  const auto found = byName_.find(conversation);
  if (found == byName_.end()) return messages;
  for (const auto& kept : found->second->messages) messages.push_back(kept.message);
  return messages;
}

std::optional<Image> History::image(const std::string& conversation, std::string_view id) const {
  const auto found = byName_.find(conversation);
  if (found == byName_.end()) return std::nullopt;
  for (const auto& [number, message] : found->second->messages) {
    if (message.id != id) continue;
    const auto image = images_.find(number);
    return image == images_.end() ? std::nullopt : std::optional(image->second);
  }
  return std::nullopt;
}

std::vector<std::string> History::peersOf(std::string_view id) const {
  std::vector<std::string> peers;
  for (const auto& conversation : conversations_) {
    std::string_view pair = conversation.name;
    if (!pair.starts_with(kDirect)) continue;
    pair.remove_prefix(kDirect.size());
    const auto colon = pair.find(':');
    const auto first = pair.substr(0, colon);
    const auto second = pair.substr(colon + 1);
    if (first == id) peers.emplace_back(second);
    if (second == id) peers.emplace_back(first);
  }
  return peers;
}

void History::drop(const std::string& conversation) {
  const auto found = byName_.find(conversation);
  if (found != byName_.end()) drop(found->second);
}

void History::drop(Place place) {
  for (const auto& kept : place->messages) forgetImage(kept.number);
  byName_.erase(place->name);
  conversations_.erase(place);
}

History::Place History::placeOf(const std::string& conversation) {
  const auto found = byName_.find(conversation);
  if (found != byName_.end()) return found->second;
  const auto place = conversations_.insert(conversations_.end(), {conversation, {}});
  byName_.emplace(conversation, place);
  return place;
}

void History::forgetImage(std::uint64_t number) {
  const auto image = images_.find(number);
  if (image == images_.end()) return;
  imageBytes_ -= image->second.bytes;
  images_.erase(image);
}

}  // namespace chat
