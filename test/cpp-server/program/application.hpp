// A Socket.IO application with a handler for all that a client can see of a server. The same is
// written for the genuine package: test/cpp-server/support/application.js. Clients say by events
// what is to be done.
#pragma once

#include <beastio/socketio.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace beastio::test {

/// Events and acknowledgements: events.cpp.
void serveEvents(socketio::Server& io);
/// Rooms, broadcasts, and what is done to many sockets: rooms.cpp.
void serveRooms(socketio::Server& io);
/// Namespaces, those who may enter, and how they leave: entry.cpp.
void serveNamespaces(socketio::Server& io);
/// Handlers that do not run on I/O threads, and emits from there: threads.cpp.
void serveThreads(socketio::Server& io, socketio::Inbox& inbox);

/// In an order that no server promises.
std::vector<std::string_view> sorted(std::vector<std::string_view> rooms);

/// Tells when clients come and go.
void watch(socketio::Namespace& nsp);

/// Serves until the standard input ends. `json`: options.
void runApplication(const std::string& json);

/// An engine without Socket.IO that is told on the standard input what to do: engine.cpp.
void runEngine(const std::string& json);

}  // namespace beastio::test
