// Answers as bytes. They have the lines of those that Node's http.Server writes, in the same order.
// So no client can tell the engine's own port from it. Runs on: the thread of the caller.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/http/http-compression.hpp"

namespace beastio {
struct Reply;
}

namespace beastio::transport {

/// The parts of an answer that depend on its request and its connection.
struct ResponseContext {
  bool isHttp10 = false;
  bool isHead = false;     ///< no body
  bool keepAlive = false;  ///< asked for; cleared if the answer can only be delimited by the end
  std::chrono::milliseconds keepAliveTimeout{};                     ///< told to the client; 0: none
  protocol::ContentCoding coding = protocol::ContentCoding::kNone;  ///< that the body is in
  bool isForOldExplorer = false;
  std::string_view firstLines{};  ///< behind the status line, each with its CRLF
  std::string_view lines{};       ///< further lines, the same
  std::string_view date{};
};

std::string formatResponse(const Reply& reply, ResponseContext& context);

/// An answer that its own lines describe.
struct AnswerHead {
  int status = 200;
  std::string_view lines{};             ///< each with its CRLF
  std::optional<std::size_t> length{};  ///< told to the client; none: its status says that it is 0
};

/// What stands before the body of such an answer. The context's `lines` are not used.
std::string formatHead(const AnswerHead& head, const ResponseContext& context);

/// An answer to what is no request, as Node words it: without a body, and the connection closes.
std::string formatRefusal(int status);

/// The first line of an answer, with its CRLF.
std::string statusLine(int status);

}  // namespace beastio::transport
