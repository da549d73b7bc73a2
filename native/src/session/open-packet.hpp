// The packet that opens a session: what a client must know of the server. Pure.
#pragma once

#include <string>
#include <string_view>

#include "beastio/names.hpp"

namespace beastio {
struct EngineOptions;
}

namespace beastio::session {

/// The JSON of the open packet of a session that begins on `transport`.
std::string openData(std::string_view sid, TransportName transport, const EngineOptions& options);

}  // namespace beastio::session
