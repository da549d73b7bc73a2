// Where the body of a POST is parsed: its packets, in the dialect of the client.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "protocol/engineio/engineio-packet.hpp"
#include "protocol/engineio/engineio-v3.hpp"
#include "session/dialect.hpp"

namespace beastio::session {

/// Walks the packets of a POST body.
class PostReader {
 public:
  using Result = protocol::PayloadReader::Result;

  /// `body` must be well-formed UTF-8 unless it is `binary` (application/octet-stream).
  PostReader(const Dialect& dialect, std::string_view body, bool binary);
  PostReader(const PostReader&) = delete;  // it reads what it has unwrapped itself
  PostReader& operator=(const PostReader&) = delete;

  /// Lifetime: `packet.data` lives until the next call.
  Result next(protocol::PacketView& packet);

 private:
  std::string unwrapped_{};  // what a JSONP form contained
  bool isEmpty_ = false;     // no JSONP form with data: nothing to read, no error
  std::variant<protocol::PayloadReader, protocol::v3::PayloadReader> reader_;
};

}  // namespace beastio::session
