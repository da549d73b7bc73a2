#include "engine/doors/port/web-requests.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "beastio/host/reply.hpp"
#include "beastio/http-fields.hpp"
#include "beastio/tls.hpp"
#include "beastio/web.hpp"
#include "engine/doors/port/port-connections.hpp"
#include "protocol/text/query-string.hpp"
#include "session/request-rules.hpp"
#include "transport/http/http-connection.hpp"
#include "transport/http/http-request.hpp"
#include "transport/http/http-response.hpp"

namespace beastio::engine {

using transport::HttpConnection;
using transport::HttpRequest;

namespace {

constexpr int kNoContent = 204;
constexpr int kNotModified = 304;

// Those that the engine writes itself.
bool isOurs(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"connection", "content-length", "date",
                                                   "keep-alive", "transfer-encoding"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [name](auto each) { return isSameField(name, each); });
}

// A token of RFC 9110, section 5.6.2.
bool isFieldName(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [kMarks](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool isAllowed(const WebAnswer& answer) {
  return answer.status >= 200 && answer.status <= 599 &&
         std::all_of(answer.headers.begin(), answer.headers.end(), [](const auto& field) {
           return isFieldName(field.first) && !session::hasInvalidHeaderCharacter(field.second);
         });
}

Answering askOne(WebHandler& handler, const WebRequest& request, WebAnswer& answer) {
  try {
    return handler.onWebRequest(request, answer);
  } catch (...) {
    answer = {.status = 500};
    return Answering::kNow;
  }
}

}  // namespace

void WebRequests::ask(HttpConnection& connection, const HttpRequest& request) {
  TlsFacts facts;
  WebRequest told{.id = {thread_, connection.id(), connection.requests()},
                  .method = request.method,
                  .target = request.target,
                  .path = protocol::splitTarget(request.target).first,
                  .header = request.header,
                  .body = request.body,
                  .peer = connection.peer()};
  if (const auto* const tls = connection.tls()) {
    facts = tls->facts();
    told.tls = &facts;
  }
  for (std::size_t i = 0; handlers_ && i < handlers_->size(); ++i) {
    WebAnswer answer;
    const auto answering = askOne(*(*handlers_)[i], told, answer);
    if (answering == Answering::kNow) return send(connection, std::move(answer));
    if (answering == Answering::kLater) return;
  }
  connection.respond({.status = 404});
}

// What was answered already, or has gone, has another number or none.
void WebRequests::respond(const WebRequestId& id, WebAnswer answer) {
  auto* const connection = connections_.find(id.connection);
  if (connection == nullptr || connection->requests() != id.number) return;
  send(*connection, std::move(answer));
}

void WebRequests::send(HttpConnection& connection, WebAnswer answer) {
  if (!isAllowed(answer)) answer = {.status = 500};
  std::string lines;
  for (const auto& [name, value] : answer.headers) {
    if (!isOurs(name)) lines.append(name).append(": ").append(value).append("\r\n");
  }
  if (answer.status == kNoContent || answer.status == kNotModified) {
    return connection.answer({.status = answer.status, .lines = lines});
  }
  auto body = std::move(answer.body);
  const auto length = body ? body->size() : 0;
  // What others hold too takes no memory of its own.
  if (body.use_count() == 1) body = environment_.chunks.waiting.share(std::move(body));
  connection.answer({.status = answer.status, .lines = lines, .length = length}, std::move(body));
}

}  // namespace beastio::engine
