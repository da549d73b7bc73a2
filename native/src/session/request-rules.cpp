#include "session/request-rules.hpp"

#include <algorithm>

#include "beastio/host/limits.hpp"
#include "beastio/host/request.hpp"
#include "beastio/names.hpp"
#include "protocol/text/query-string.hpp"
#include "session/settings.hpp"

namespace beastio::session {
namespace {

Verdict refuse(RequestError error, std::string_view contextName = {}, std::string_view value = {}) {
  Verdict verdict;
  verdict.refusal = Refusal{error, contextName, std::string(value)};
  return verdict;
}

protocol::QueryString queryOf(std::string_view target) {
  return protocol::QueryString(protocol::splitTarget(target).second);
}

Dialect dialectOf(const protocol::QueryString& query) {
  Dialect dialect;
  dialect.protocol = query.get("EIO").value_or(std::string_view{}) == "4" ? 4 : 3;
  dialect.supportsBinary = query.get("b64").value_or(std::string_view{}).empty();
  if (const auto index = query.get("j")) dialect.jsonp = std::string(*index);
  return dialect;
}

std::optional<TransportName> transportOf(std::string_view name, const Settings& settings) {
  if (name == "polling" && settings.polling) return TransportName::kPolling;
  if (name == "websocket" && settings.websocket) return TransportName::kWebSocket;
  return std::nullopt;
}

}  // namespace

std::string sidOf(std::string_view target) {
  const auto query = queryOf(target);
  return std::string(query.get("sid").value_or(std::string_view{}));
}

bool hasInvalidHeaderCharacter(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

Verdict verify(const Request& request, const Settings& settings, const SessionLookup& lookup) {
  const auto query = queryOf(request.target);
  const auto transportText = query.get("transport").value_or(std::string_view{});
  const auto transport = transportOf(transportText, settings);
  if (!transport) return refuse(RequestError::kUnknownTransport, {}, transportText);

  if (request.origin && hasInvalidHeaderCharacter(*request.origin)) {
    return refuse(RequestError::kBadRequest, "INVALID_ORIGIN", *request.origin);
  }

  Verdict verdict;
  verdict.accepted.transport = *transport;
  verdict.accepted.dialect = dialectOf(query);
  verdict.accepted.sid = query.get("sid").value_or(std::string_view{});

  if (!verdict.accepted.sid.empty()) {
    const auto known = lookup(verdict.accepted.sid);
    if (!known) return refuse(RequestError::kUnknownSid, {}, verdict.accepted.sid);
    if (!request.isUpgrade && known->transport != *transport) {
      return refuse(RequestError::kBadRequest, "TRANSPORT_MISMATCH", transportText);
    }
    if (known->protocol != verdict.accepted.dialect.protocol) {
      return refuse(RequestError::kBadRequest, "PROTOCOL_MISMATCH",
                    verdict.accepted.dialect.protocol == 4 ? "4" : "3");
    }
    return verdict;
  }

  if (request.method != "GET") {
    return refuse(RequestError::kBadHandshakeMethod, {}, request.method);
  }
  if (*transport == TransportName::kWebSocket && !request.isUpgrade) {
    return refuse(RequestError::kBadRequest, "TRANSPORT_HANDSHAKE_ERROR");
  }
  return verdict;
}

std::optional<Refusal> verifyProtocol(const Accepted& accepted, const Settings& settings) {
  const auto protocol = accepted.dialect.protocol;
  if (protocol == 4 || settings.allowEIO3) return std::nullopt;
  return Refusal{RequestError::kUnsupportedProtocolVersion, {}, std::to_string(protocol)};
}

std::string refusalBody(RequestError error, std::string_view message) {
  return "{\"code\":" + std::to_string(static_cast<int>(error)) + ",\"message\":\"" +
         std::string(message) + "\"}";
}

Refusal refusalBy(Limit limit) {
  return {.error = RequestError::kForbidden, .contextName = toString(limit), .limit = limit};
}

std::string_view messageOf(const Refusal& refusal) {
  if (!refusal.limit) return toString(refusal.error);
  if (refusal.limit == Limit::kDraining) return "Server is closing";
  return refusal.limit == Limit::kMaxHandshakesPerSecond ? "Too many handshakes"
                                                         : "Too many clients";
}

int refusalStatus(const Refusal& refusal) {
  if (refusal.limit) {
    return refusal.limit == Limit::kMaxClients || refusal.limit == Limit::kDraining ? 503 : 429;
  }
  return refusal.error == RequestError::kForbidden ? 403 : 400;
}

}  // namespace beastio::session
