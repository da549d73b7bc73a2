#include "beastio/socketio/arguments.hpp"

#include <functional>
#include <string>
#include <utility>

#include "protocol/text/json-cursor.hpp"

namespace beastio::socketio {
namespace {

/// Passes on what a client has sent.
void relay(const Args& args, Writer& writer) {
  if (const auto json = args.json(); !json.empty()) writer.raw(RawJson::trusted(json));
  for (const auto bytes : args.attachments()) {
    writer.attach({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
  }
}

}  // namespace

std::size_t Args::size() const {
  std::size_t count = 0;
  for (ArgsReader reader(*this); reader.next();) ++count;
  return count;
}

std::optional<Argument> Args::at(std::size_t index) const {
  ArgsReader reader(*this);
  auto argument = reader.next();
  for (; argument && index > 0; --index) argument = reader.next();
  return argument;
}

std::string_view Args::json() const {
  const auto end = json_.rfind(']');
  return at_ < end && end != std::string_view::npos ? json_.substr(at_, end - at_)
                                                    : std::string_view();
}

OwnedArgs Args::copy() const { return OwnedArgs(*this); }

OwnedArgs::OwnedArgs(const Args& args)
    : json_("["), attachments_(args.attachments().begin(), args.attachments().end()) {
  json_ += args.json();
  json_ += ']';
}

Args OwnedArgs::view() const {
  views_.assign(attachments_.begin(), attachments_.end());
  return {json_, protocol::JsonArrayCursor(json_).at(), views_};
}

std::size_t OwnedArgs::bytes() const {
  std::size_t bytes = sizeof(OwnedArgs) + json_.size();
  for (const auto& attachment : attachments_) bytes += attachment.size();
  return bytes;
}

std::optional<Argument> ArgsReader::next() {
  protocol::JsonArrayCursor cursor(text_, at_);
  const auto json = cursor.next();
  at_ = cursor.at();
  if (!json) return std::nullopt;
  return Argument{*json, args_.attachments()};
}

// Events and answers on their way out.

std::error_code Ack::operator()(const Args& args) const {
  if (!take()) return {};
  Writer writer;
  writer.beginArray();
  relay(args, writer);
  writer.endArray();
  return answer(writer);
}

EventWriter::EventWriter(std::string_view event) : event_(event) {
  writer_.beginArray();
  writer_.string(event);
}

const Writer& EventWriter::writer() const {
  if (!isComplete_) writer_.endArray();
  isComplete_ = true;
  return writer_;
}

void EventWriter::addAll(const Args& args) { relay(args, writer_); }

void EventWriter::addOffset(std::uint64_t offset) const {
  if (std::exchange(isComplete_, false)) writer_.reopenArray();
  writer_.string(std::to_string(offset));
}

OwnedArgs EventWriter::copyArgs() const {
  const auto text = writer().text();
  protocol::JsonArrayCursor cursor(text);
  cursor.next();
  std::vector<std::string_view> attachments;
  for (const auto bytes : writer_.attachments()) {
    attachments.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return OwnedArgs(Args(text, cursor.at(), attachments));
}

void callQuietly(const std::function<void()>& function) noexcept {
  try {
    function();
  } catch (...) {  // nobody is left to be told
  }
}

}  // namespace beastio::socketio
