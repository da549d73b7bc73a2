#include "transport/http/http-parsing.hpp"

#include <optional>
#include <utility>

#include "transport/http/http-request.hpp"

namespace beastio::transport {
namespace http = beast::http;

namespace {

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

/// Adds another field of the same name, as Node's HTTP server shows them.
void join(std::optional<std::string>& all, beast::string_view value) {
  if (all)
    all->append(", ");
  else
    all.emplace();
  all->append(value.data(), value.size());
}

bool isOldExplorer(beast::string_view agent) {
  return agent.find(";MSIE") != agent.npos || agent.find("Trident/") != agent.npos;
}

}  // namespace

HttpRequest readRequest(const http::request_header<>& header) {
  HttpRequest request;
  request.method = text(header.method_string());
  request.target = text(header.target());
  std::optional<std::string> upgrade;
  std::optional<std::string> key;
  std::optional<std::string> version;
  std::optional<std::string> acceptEncoding;
  std::optional<std::string> contentType;
  std::optional<std::string> userAgent;
  for (const auto& field : header) {
    switch (field.name()) {
      case http::field::origin:
        join(request.origin, field.value());
        break;
      case http::field::content_type:
        if (!contentType) contentType = text(field.value());
        break;
      case http::field::upgrade:
        join(upgrade, field.value());
        break;
      case http::field::sec_websocket_key:
        join(key, field.value());
        break;
      case http::field::sec_websocket_version:
        join(version, field.value());
        break;
      case http::field::sec_websocket_protocol:
        join(request.protocols, field.value());
        break;
      case http::field::sec_websocket_extensions:
        join(request.extensions, field.value());
        break;
      case http::field::accept_encoding:
        join(acceptEncoding, field.value());
        break;
      case http::field::user_agent:
        if (!userAgent) userAgent = text(field.value());
        break;
      default:
        break;
    }
  }
  request.upgrade = std::move(upgrade).value_or("");
  request.key = std::move(key).value_or("");
  request.version = std::move(version).value_or("");
  request.acceptEncoding = std::move(acceptEncoding).value_or("");
  request.contentType = std::move(contentType).value_or("");
  request.isFromOldExplorer = userAgent && isOldExplorer(*userAgent);
  return request;
}

}  // namespace beastio::transport
