#include "session/post-reader.hpp"

#include <utility>

#include "protocol/engineio/jsonp.hpp"

namespace beastio::session {

PostReader::PostReader(const Dialect& dialect, std::string_view body, bool binary)
    : reader_(protocol::PayloadReader(body)) {
  if (dialect.jsonp) {
    auto data = protocol::decodeJsonpBody(body);
    isEmpty_ = binary || !data;  // engine.io looks for the form in a text only
    unwrapped_ = std::move(data).value_or("");
    body = unwrapped_;
    binary = false;
  }
  using V3Reader = protocol::v3::PayloadReader;
  if (dialect.protocol == 3) {
    reader_.emplace<V3Reader>(body, binary ? V3Reader::Form::kBinary : V3Reader::Form::kText);
  } else {
    reader_.emplace<protocol::PayloadReader>(body);
  }
}

PostReader::Result PostReader::next(protocol::PacketView& packet) {
  if (isEmpty_) return Result::kEnd;
  return std::visit([&packet](auto& reader) { return reader.next(packet); }, reader_);
}

}  // namespace beastio::session
