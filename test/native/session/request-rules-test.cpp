// The checks of a request against engine.io's answers, in their order (PARITY: HTTP answers).
#include "session/request-rules.hpp"

#include <catch2/catch.hpp>

#include "beastio/host/limits.hpp"
#include "beastio/host/request.hpp"
#include "beastio/names.hpp"
#include "beastio/options.hpp"
#include "engine/settings.hpp"
#include "transport/loop/settings.hpp"

using namespace beastio;
using namespace beastio::session;

namespace {

constexpr std::string_view kPollingSid = "polling-session";
constexpr std::string_view kWebSocketSid = "websocket-session";
constexpr std::string_view kOldSid = "eio3-session";

std::optional<KnownSession> lookUp(std::string_view sid) {
  if (sid == kPollingSid) return KnownSession{};
  if (sid == kWebSocketSid) return KnownSession{.transport = TransportName::kWebSocket};
  if (sid == kOldSid) return KnownSession{.protocol = 3};
  return std::nullopt;
}

struct Question {
  std::string query;
  std::string_view method = "GET";
  bool upgrade = false;
  std::optional<std::string> origin{};
};

Verdict verify(const Question& request, const EngineOptions& options = {}) {
  const auto target = "/engine.io/?" + request.query;
  return session::verify({.method = std::string(request.method),
                          .target = target,
                          .origin = request.origin,
                          .isUpgrade = request.upgrade},
                         *engine::settingsOf(options), lookUp);
}

/// A refusal as one line: "code context value"; "accepted" if there is none.
std::string verdictOf(const Question& request, const EngineOptions& options = {}) {
  const auto verdict = verify(request, options);
  if (!verdict.refusal) return "accepted";
  std::string line = std::to_string(static_cast<int>(verdict.refusal->error));
  if (!verdict.refusal->contextName.empty()) line.append(" ").append(verdict.refusal->contextName);
  if (!verdict.refusal->contextValue.empty()) {
    line.append(" ").append(verdict.refusal->contextValue);
  }
  return line;
}

}  // namespace

TEST_CASE("A handshake is accepted with what it names", "[handshake]") {
  const auto polling = verify({.query = "EIO=4&transport=polling&t=abc"});
  REQUIRE_FALSE(polling.refusal);
  CHECK(polling.accepted.sid.empty());
  CHECK(polling.accepted.transport == TransportName::kPolling);
  CHECK(polling.accepted.dialect.protocol == 4);

  const auto webSocket = verify({.query = "EIO=4&transport=websocket", .upgrade = true});
  REQUIRE_FALSE(webSocket.refusal);
  CHECK(webSocket.accepted.transport == TransportName::kWebSocket);

  // Engine.IO answers 101 to an upgrade on polling, and then closes.
  CHECK(verdictOf({.query = "EIO=4&transport=polling", .upgrade = true}) == "accepted");
}

TEST_CASE("A transport must be known and enabled", "[handshake]") {
  CHECK(verdictOf({.query = ""}) == "0");
  CHECK(verdictOf({.query = "EIO=4"}) == "0");
  CHECK(verdictOf({.query = "EIO=4&transport=webtransport"}) == "0 webtransport");
  CHECK(verdictOf({.query = "transport=constructor", .upgrade = true}) == "0 constructor");
  CHECK(verdictOf({.query = "transport=__proto__"}) == "0 __proto__");
  CHECK(verdictOf({.query = "transport=Polling"}) == "0 Polling");
  CHECK(verdictOf({.query = "transport=polling&transport=x"}) == "0 x");
  CHECK(verdictOf({.query = "transport=x&transport=polling"}) == "accepted");

  EngineOptions options;
  options.polling = false;
  CHECK(verdictOf({.query = "transport=polling"}, options) == "0 polling");
  CHECK(verdictOf({.query = "transport=websocket", .upgrade = true}, options) == "accepted");
  options = {};
  options.websocket = false;
  CHECK(verdictOf({.query = "transport=websocket", .upgrade = true}, options) == "0 websocket");
}

TEST_CASE("An origin with control characters is refused", "[handshake]") {
  const auto withOrigin = [](const std::string& origin) {
    return verdictOf({.query = "EIO=4&transport=polling", .origin = origin});
  };
  CHECK(withOrigin("http://evil.example") == "accepted");
  CHECK(withOrigin("null") == "accepted");
  CHECK(withOrigin("") == "accepted");
  CHECK(withOrigin("a\tb") == "accepted");
  CHECK(withOrigin("caf\xC3\xA9") == "accepted");
  CHECK(withOrigin("a\x01") == "3 INVALID_ORIGIN a\x01");
  CHECK(withOrigin("a\x7F") == "3 INVALID_ORIGIN a\x7F");
  CHECK(withOrigin(std::string("a\0", 2)) == std::string("3 INVALID_ORIGIN a\0", 19));
  // The transport is checked first, the sid later.
  CHECK(verdictOf({.query = "transport=x", .origin = "\x01"}) == "0 x");
  CHECK(verdictOf({.query = "transport=polling&sid=x", .origin = "\x01"}) ==
        "3 INVALID_ORIGIN \x01");
}

TEST_CASE("A sid must name a session of this transport and protocol", "[handshake]") {
  const auto named = [](std::string_view sid, std::string rest, bool upgrade = false) {
    return verdictOf({.query = "sid=" + std::string(sid) + "&" + rest, .upgrade = upgrade});
  };
  CHECK(named(kPollingSid, "EIO=4&transport=polling") == "accepted");
  CHECK(named(kPollingSid, "EIO=4&transport=websocket", true) == "accepted");
  CHECK(named(kWebSocketSid, "EIO=4&transport=websocket", true) == "accepted");
  CHECK(named("nobody", "EIO=4&transport=polling") == "1 nobody");
  CHECK(named("__proto__", "EIO=4&transport=polling") == "1 __proto__");
  CHECK(named("%00", "EIO=4&transport=polling") == std::string("1 \0", 3));
  CHECK(named(kPollingSid, "EIO=4&transport=websocket") == "3 TRANSPORT_MISMATCH websocket");
  CHECK(named(kWebSocketSid, "EIO=4&transport=polling") == "3 TRANSPORT_MISMATCH polling");
  CHECK(named(kPollingSid, "EIO=3&transport=polling") == "3 PROTOCOL_MISMATCH 3");
  CHECK(named(kPollingSid, "EIO=3&transport=websocket", true) == "3 PROTOCOL_MISMATCH 3");
  CHECK(named(kPollingSid, "transport=polling") == "3 PROTOCOL_MISMATCH 3");
  CHECK(named(kOldSid, "EIO=4&transport=polling") == "3 PROTOCOL_MISMATCH 4");
  CHECK(named(kOldSid, "EIO=5&transport=polling") == "accepted");  // engine.io: whatever is not 4

  const auto post =
      verify({.query = "sid=polling-session&EIO=4&transport=polling", .method = "POST"});
  REQUIRE_FALSE(post.refusal);
  CHECK(post.accepted.sid == kPollingSid);
}

TEST_CASE("A new session begins with GET, and a WebSocket with an upgrade", "[handshake]") {
  for (const auto* method : {"POST", "PUT", "OPTIONS", "HEAD", "DELETE"}) {
    CHECK(verdictOf({.query = "EIO=4&transport=polling", .method = method}) ==
          "2 " + std::string(method));
  }
  CHECK(verdictOf({.query = "EIO=4&transport=websocket"}) == "3 TRANSPORT_HANDSHAKE_ERROR");
  CHECK(verdictOf({.query = "EIO=4&transport=websocket", .method = "POST"}) == "2 POST");
  CHECK(verdictOf({.query = "EIO=4&transport=polling&sid="}) == "accepted");
}

TEST_CASE("A new session must speak protocol 4", "[handshake]") {
  CHECK_FALSE(verifyProtocol(verify({.query = "EIO=4&transport=polling"}).accepted,
                             *engine::settingsOf({})));
  for (const auto* query : {"EIO=3&transport=polling", "EIO=5&transport=polling",
                            "transport=polling", "EIO=&transport=polling"}) {
    const auto refusal = verifyProtocol(verify({.query = query}).accepted, *engine::settingsOf({}));
    REQUIRE(refusal);
    CHECK(refusal->error == RequestError::kUnsupportedProtocolVersion);
    CHECK(refusal->contextValue == "3");
  }
}

TEST_CASE("Refusals have engine.io's bodies, codes and statuses", "[handshake]") {
  const auto body = [](RequestError error) { return refusalBody(error, toString(error)); };
  CHECK(body(RequestError::kUnknownTransport) == R"({"code":0,"message":"Transport unknown"})");
  CHECK(body(RequestError::kUnknownSid) == R"({"code":1,"message":"Session ID unknown"})");
  CHECK(body(RequestError::kBadHandshakeMethod) ==
        R"({"code":2,"message":"Bad handshake method"})");
  CHECK(body(RequestError::kBadRequest) == R"({"code":3,"message":"Bad request"})");
  CHECK(body(RequestError::kForbidden) == R"({"code":4,"message":"Forbidden"})");
  CHECK(body(RequestError::kUnsupportedProtocolVersion) ==
        R"({"code":5,"message":"Unsupported protocol version"})");
  CHECK(refusalStatus({.error = RequestError::kForbidden}) == 403);
  CHECK(refusalStatus({.error = RequestError::kUnknownSid}) == 400);
}

TEST_CASE("Who meets a limit is told so", "[handshake]") {
  const auto told = [](Limit limit) {
    const auto refusal = refusalBy(limit);
    CHECK(refusal.error == RequestError::kForbidden);
    CHECK(refusal.contextName == toString(limit));
    return std::to_string(refusalStatus(refusal)) + " " + std::string(messageOf(refusal));
  };
  CHECK(told(Limit::kMaxClients) == "503 Too many clients");
  CHECK(told(Limit::kMaxClientsPerAddress) == "429 Too many clients");
  CHECK(told(Limit::kMaxHandshakesPerSecond) == "429 Too many handshakes");
  CHECK(told(Limit::kDraining) == "503 Server is closing");
  CHECK(messageOf({.error = RequestError::kForbidden}) == "Forbidden");
}

TEST_CASE("sidOf finds the sid of a target", "[handshake]") {
  CHECK(sidOf("/engine.io/?EIO=4&sid=abc") == "abc");
  CHECK(sidOf("/engine.io/?EIO=4&sid=a&sid=b") == "b");
  CHECK(sidOf("/engine.io/?EIO=4").empty());
  CHECK(sidOf("/engine.io/").empty());
  CHECK(sidOf("").empty());
}
