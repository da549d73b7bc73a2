// Options as a test gives them: a JSON object with the names of socket.io's options.
#pragma once

#include <beastio/socketio.hpp>
#include <string_view>

namespace beastio::test {

/// Of the engine. What is not named keeps its default.
EngineOptions engineOptionsOf(std::string_view json);

/// Of the server, with those of the engine below.
socketio::ServerOptions serverOptionsOf(std::string_view json);

}  // namespace beastio::test
