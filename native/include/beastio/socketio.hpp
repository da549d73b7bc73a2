// A Socket.IO server in C++: all that an application needs.
//
//   beastio::socketio::Server io;
//   io.on("chat message", [](beastio::socketio::Socket& socket, std::string text) {
//     socket.broadcast().emit("chat message", text);
//   });
//   io.listen(3000);
//   io.run();
#pragma once

#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/errors.hpp"
#include "beastio/socketio/handlers.hpp"
#include "beastio/socketio/handshake.hpp"
#include "beastio/socketio/inbox.hpp"
#include "beastio/socketio/json.hpp"
#include "beastio/socketio/namespace.hpp"
#include "beastio/socketio/options.hpp"
#include "beastio/socketio/outbox.hpp"
#include "beastio/socketio/pending.hpp"
#include "beastio/socketio/server.hpp"
#include "beastio/socketio/socket-ref.hpp"
#include "beastio/socketio/socket.hpp"
