// Answers as bytes: with the lines, and in the order, in which Node's http.Server writes them, so
// that no client can tell the engine's own port from it. Runs on: the thread of the caller.
#pragma once

#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "beastio/handler.hpp"
#include "protocol/http-compression.hpp"

namespace beastio::transport {

/// The time as a header value, "Sat, 21 Nov 2026 14:00:00 GMT"; written once a second.
class HttpDate {
 public:
  std::string_view now();

 private:
  static constexpr std::size_t kLength = 29;

  std::time_t second_ = -1;
  std::array<char, kLength + 1> text_{};
};

/// What of an answer its request and its connection decide.
struct ResponseContext {
  bool isHttp10 = false;
  bool isHead = false;     ///< no body
  bool keepAlive = false;  ///< asked for; cleared if the answer can only be delimited by the end
  std::chrono::milliseconds keepAliveTimeout{};                     ///< told to the client; 0: none
  protocol::ContentCoding coding = protocol::ContentCoding::kNone;  ///< that the body is in
  bool isForOldExplorer = false;
  std::string_view lines{};  ///< further lines, each with its CRLF
  std::string_view date{};
};

std::string formatResponse(const HttpResponse& response, ResponseContext& context);

/// An answer to what is no request, as Node words it: without a body, and the connection closes.
std::string formatRefusal(int status);

}  // namespace beastio::transport
