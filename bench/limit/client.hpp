// One connection of the limit server: the upgrade, then whole frames in, answers out. Reads go
// through the caller's buffer; what a read brought is answered by one write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace limit {

/// All clients, for a broadcast.
class Audience {
 public:
  virtual void broadcast(std::string_view frame) = 0;

 protected:
  ~Audience() = default;
};

class Client {
 public:
  explicit Client(int descriptor) : descriptor_(descriptor) {}
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int descriptor() const { return descriptor_; }
  /// Whether the upgrade is behind it.
  bool open() const { return open_; }
  /// Whether bytes wait for the socket to become writable.
  bool blocked() const { return blocked_; }

  /// Reads once and answers what is complete. Returns false when the client has gone.
  bool receive(std::span<char> buffer, Audience& audience);
  void queue(std::string_view bytes) { outgoing_.append(bytes); }
  void flush();

 private:
  /// Handles what is complete in place and returns the size of it.
  std::size_t consume(std::span<char> bytes, Audience& audience);
  std::size_t upgrade(std::string_view bytes);
  void onMessage(std::uint8_t opcode, std::string_view payload, Audience& audience);

  const int descriptor_;
  bool open_ = false;
  bool blocked_ = false;
  std::string incoming_;  // the head of a frame or request whose rest has not arrived
  std::string outgoing_;
};

}  // namespace limit
