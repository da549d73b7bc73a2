// The packet that opens a session: what a client must know of the server. Pure.
#pragma once

#include <string>
#include <string_view>

namespace beastio::session {

struct Settings;

/// The JSON of the open packet of a session that begins by polling, or on a connection.
std::string openData(std::string_view sid, bool isPolling, const Settings& settings);

}  // namespace beastio::session
