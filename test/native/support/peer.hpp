// The other end of a connection: a plain socket of the test, blocking with a deadline.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace beastio::test {

class Peer {
 public:
  static constexpr int kPatienceSeconds = 20;

  explicit Peer(int descriptor) : descriptor_(descriptor) {
    if (descriptor_ < 0) throw std::runtime_error("no socket");
    const timeval patience{kPatienceSeconds, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  Peer(Peer&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), unread_(std::move(other.unread_)) {}
  Peer& operator=(Peer&&) = delete;
  ~Peer() { close(); }

  /// A connection to 127.0.0.1.
  static Peer connected(std::uint16_t port, std::string_view firstBytes = {}) {
    Peer peer(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(peer.descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    peer.send(firstBytes);
    return peer;
  }
  /// A connection to a unix socket.
  static Peer connectedTo(const std::string& path) {
    Peer peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(peer.descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    return peer;
  }
  /// A socket pair: this end, and the descriptor of the other.
  static std::pair<Peer, int> pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      throw std::runtime_error("no socket pair");
    }
    return {Peer(ends[0]), ends[1]};
  }

  int descriptor() const { return descriptor_; }

  /// Returns whether all was taken.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void shutdownWrite() { ::shutdown(descriptor_, SHUT_WR); }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  /// Closes with a reset instead of an end.
  void reset() {
    const linger hard{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }

  /// What has arrived, without waiting.
  std::string available() {
    while (receive(MSG_DONTWAIT)) {
    }
    return std::exchange(unread_, {});
  }
  /// Waits for everything up to and including `mark`; all that came if the stream ends before.
  std::string readThrough(std::string_view mark) {
    std::size_t at = 0;
    while ((at = unread_.find(mark)) == std::string::npos) {
      if (!receive(0)) return std::exchange(unread_, {});
    }
    return take(at + mark.size());
  }
  std::string readExactly(std::size_t count) {
    while (unread_.size() < count) {
      if (!receive(0)) break;
    }
    return take(count);
  }
  /// Waits for the end of the stream and returns what came before it. Sets `ended` if it came.
  std::string readAll() {
    while (receive(0)) {
    }
    return std::exchange(unread_, {});
  }
  /// Whether the last read met the stream's end or a reset, rather than the deadline.
  bool ended() const { return ended_; }

  /// One HTTP response; of a chunked one the chunks are joined.
  std::string readResponse() {
    auto response = readThrough("\r\n\r\n");
    if (response.find("Transfer-Encoding: chunked") != std::string::npos) {
      for (;;) {
        const auto size = std::stoul(readThrough("\r\n"), nullptr, 16);
        response += readExactly(size);
        readThrough("\r\n");
        if (size == 0) return response;
      }
    }
    constexpr std::string_view kName = "Content-Length: ";
    const auto at = response.find(kName);
    if (at == std::string::npos) return response;
    return response + readExactly(std::stoul(response.substr(at + kName.size())));
  }

 private:
  bool receive(int flags) {
    std::array<char, 16 * 1024> buffer;
    const auto count = ::recv(descriptor_, buffer.data(), buffer.size(), flags);
    if (count > 0) {
      unread_.append(buffer.data(), static_cast<std::size_t>(count));
      return true;
    }
    ended_ = count == 0 || errno == ECONNRESET || errno == EPIPE;
    return false;
  }
  std::string take(std::size_t count) {
    auto taken = unread_.substr(0, count);
    unread_.erase(0, taken.size());
    return taken;
  }

  int descriptor_;
  std::string unread_;
  bool ended_ = false;
};

}  // namespace beastio::test
