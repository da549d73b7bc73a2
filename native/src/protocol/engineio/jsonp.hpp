// The bodies of JSONP polling (a query with `j`), the transport of browsers without CORS. Writing
// one is the last step of a poll's answer, and reading one is the first of a POST. The bytes are
// those of engine.io's polling-jsonp. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace beastio::protocol {

/// The script that hands `payload` (well-formed UTF-8) to the client's callback number `index`, the
/// value of `j`. Only its digits count: `___eio[0]("…");`.
std::string encodeJsonpScript(std::string_view index, std::string_view payload);

/// The payload in a POST body, `d=…` as of an HTML form. Empty: there is no `d`, or more than one;
/// engine.io answers such a request and reads nothing from it.
std::optional<std::string> decodeJsonpBody(std::string_view body);

}  // namespace beastio::protocol
