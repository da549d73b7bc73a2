// The chat without its port: the Socket.IO server, the page, and the rules.
#pragma once

#include <beastio/socketio.hpp>
#include <chrono>
#include <string>

#include "chat.hpp"

namespace chat {

/// Folders of files that a browser gets.
struct Folders {
  std::string page{};    ///< the page of the chat
  std::string client{};  ///< `dist` of the package socket.io-client
};

class ChatServer {
 public:
  /// `away`: the time a lost person stays known. Throws std::system_error for a folder that cannot
  /// be read.
  explicit ChatServer(const Folders& folders,
                      std::chrono::milliseconds away = std::chrono::minutes{2});

  beastio::socketio::Server& io() { return io_; }

 private:
  Chat chat_;
  // The last member: its threads end before what they use is gone.
  beastio::socketio::Server io_;
};

}  // namespace chat
