// Requests on the engine's own port that are not Engine.IO's: an application's page, or the little
// that it wants to say over HTTP. Handlers are set by Engine::setWebHandlers; StaticFiles is one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/address.hpp"
#include "beastio/session-id.hpp"
#include "beastio/tls-facts.hpp"

namespace beastio {

/// Names a request until it is answered; any thread may keep it for as long as it likes.
struct WebRequestId {
  std::uint32_t thread = 0;  ///< I/O thread
  RequestId connection = 0;  ///< of that thread
  std::uint32_t number = 0;  ///< of that connection

  friend constexpr bool operator==(WebRequestId, WebRequestId) = default;
};

/// Lifetime: valid during the handler's call.
struct WebRequest {
  WebRequestId id{};          ///< for Engine::respond
  std::string_view method{};  ///< "GET"
  std::string_view target{};  ///< path and query
  std::string_view path{};    ///< still with its percent signs
  std::string_view header{};  ///< from the first line to the empty one: see http-fields.hpp
  /// At most EngineOptions::maxHttpBufferSize bytes.
  std::string_view body{};
  Endpoint peer{};                ///< the client's address
  const TlsFacts* tls = nullptr;  ///< of a connection with TLS
};

/// The engine adds Content-Length, Date, Connection and Keep-Alive, and leaves out these and
/// Transfer-Encoding where a handler has set them. HEAD is answered without the body. What HTTP
/// does not allow (a status that is not from 200 to 599, a line break in a field) becomes a 500.
struct WebAnswer {
  int status = 200;                                            ///< from 200 to 599
  std::vector<std::pair<std::string, std::string>> headers{};  ///< in the order in which they leave
  /// Any number of answers may share one. It is never copied, and must not change. None: empty.
  std::shared_ptr<const std::string> body{};
};

/// What a handler says of a request.
enum class Answering : std::uint8_t {
  kNow,      ///< the answer is filled in
  kLater,    ///< Engine::respond follows
  kNotMine,  ///< the next handler is asked; behind the last one it is a 404
};

/// Answers requests for paths other than EngineOptions::path, where the host is left nothing
/// (LeftToHost::kNothing). Runs on: the I/O threads, several at the same time. It must not block.
class WebHandler {
 public:
  virtual ~WebHandler() = default;

  /// An exception is answered with 500.
  virtual Answering onWebRequest(const WebRequest& request, WebAnswer& answer) = 0;
};

}  // namespace beastio
