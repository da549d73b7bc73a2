// The checks that every Engine.IO request passes, whichever door it came through, in the order and
// with the answers of engine.io 6.6. Pure: the sessions that exist are asked through a function.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "session/dialect.hpp"

namespace beastio {
struct Request;
enum class Limit : std::uint8_t;
enum class RequestError : std::uint8_t;
enum class TransportName : std::uint8_t;
std::string_view toString(RequestError error);
}  // namespace beastio

namespace beastio::session {

struct Settings;

/// What the checks need to know of a session that a request names.
struct KnownSession {
  TransportName transport{};
  std::uint8_t protocol = 4;
};

using SessionLookup = std::function<std::optional<KnownSession>(std::string_view sid)>;

struct Refusal {
  RequestError error{};
  std::string_view contextName{};  ///< a literal
  std::string contextValue{};
  std::optional<Limit> limit{};  ///< that is met
};

/// A client that a limit turns away.
Refusal refusalBy(Limit limit);
/// What the client is told.
std::string_view messageOf(const Refusal& refusal);

/// An accepted request.
struct Accepted {
  std::string sid{};  ///< empty for a new session
  TransportName transport{};
  Dialect dialect{};
};

struct Verdict {
  std::optional<Refusal> refusal{};
  Accepted accepted{};
};

/// The sid of a target's query, for choosing the I/O thread; empty if there is none.
std::string sidOf(std::string_view target);

/// Engine.IO's `verify`, without the protocol check of new sessions.
Verdict verify(const Request& request, const Settings& settings, const SessionLookup& lookup);

/// Engine.IO's check of a new session's protocol, made after the application's hooks.
std::optional<Refusal> verifyProtocol(const Accepted& accepted, const Settings& settings);

/// The JSON body `{"code":…,"message":…}` of a refusal.
std::string refusalBody(RequestError error, std::string_view message);

/// 503 or 429 for a limit, 403 for kForbidden, otherwise 400.
int refusalStatus(const Refusal& refusal);

/// Whether a header value has characters that HTTP forbids (control characters except tab).
bool hasInvalidHeaderCharacter(std::string_view value);

}  // namespace beastio::session
