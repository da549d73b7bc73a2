// The chat without its port: the Socket.IO server, the page, and the rules.
#pragma once

#include <beastio/socketio.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace chat {

class Chat;

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
  ~ChatServer();
  ChatServer(const ChatServer&) = delete;
  ChatServer& operator=(const ChatServer&) = delete;

  beastio::socketio::Server& io() { return io_; }

 private:
  std::unique_ptr<Chat> chat_;
  // The last member: its threads end before what they use is gone.
  beastio::socketio::Server io_;
};

}  // namespace chat
