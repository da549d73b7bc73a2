// Which connections of the own port are reading the body of a POST, and for which sessions. A
// session takes one body at a time, and hears when one breaks off. Runs on: the I/O thread. Owner:
// its OwnPort. Bound: one a session.
#pragma once

#include <unordered_map>

#include "engine/registry/session-table.hpp"

namespace beastio::engine {

class OpenPosts {
 public:
  explicit OpenPosts(SessionTable& sessions) : sessions_(sessions) {}

  /// The connection begins to read a body for that session. Returns false if the session has
  /// another one to read, and ends for that.
  bool begin(RequestId connection, session::Session& session) {
    if (!session.isPolling()) return true;
    if (!session.beginPost(connection)) return false;
    posts_.emplace(connection, session.id());
    return true;
  }

  /// The body has ended, or is given up. `isCut`: because its client has gone.
  void end(RequestId connection, bool isCut) {
    const auto node = posts_.extract(connection);
    if (node.empty()) return;
    if (Client* client = sessions_.find(node.mapped())) client->session.endPost(connection, isCut);
  }

  /// The session of that body is over. Returns whether there was one.
  bool forget(RequestId connection) { return posts_.erase(connection) > 0; }

 private:
  SessionTable& sessions_;
  std::unordered_map<RequestId, SessionId> posts_;
};

}  // namespace beastio::engine
