// The limit of the bench: WebSocket echo and broadcast on bare epoll, in one thread. It has as much
// of Engine.IO and Socket.IO as the bench's clients insist on. No timers, no bounds, no checks:
// what any correct server does on top of this costs something.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "client.hpp"

namespace {

constexpr std::size_t kEventsAtOnce = 256;
constexpr std::size_t kReadBufferBytes = 256 * 1024;
constexpr int kBacklog = 4096;

class Server final : public limit::Audience {
 public:
  Server()
      : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        events_(kEventsAtOnce),
        buffer_(kReadBufferBytes) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, kBacklog) != 0) {
      std::perror("limit: cannot listen");
      std::exit(1);
    }
    watch(listener_, EPOLL_CTL_ADD, EPOLLIN);
    watch(STDIN_FILENO, EPOLL_CTL_ADD, EPOLLIN);
  }

  int port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  /// Serves until stdin ends.
  void run() {
    for (;;) {
      const int count = epoll_wait(epoll_, events_.data(), kEventsAtOnce, -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events_[static_cast<std::size_t>(i)];
        if (event.data.fd == STDIN_FILENO) return;
        if (event.data.fd == listener_) {
          accept();
        } else {
          serve(event.data.fd, event.events);
        }
      }
    }
  }

  void broadcast(std::string_view frame) override {
    for (const auto& client : clients_) {
      if (client == nullptr || !client->open()) continue;
      client->queue(frame);
      flush(*client);
    }
  }

 private:
  void watch(int descriptor, int operation, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, operation, descriptor, &event);
  }

  void accept() {
    for (;;) {
      const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0) return;
      const int on = 1;
      setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto slot = static_cast<std::size_t>(descriptor);
      if (clients_.size() <= slot) clients_.resize(slot + 1);
      clients_[slot] = std::make_unique<limit::Client>(descriptor);
      watch(descriptor, EPOLL_CTL_ADD, EPOLLIN);
    }
  }

  void serve(int descriptor, std::uint32_t events) {
    auto& client = clients_[static_cast<std::size_t>(descriptor)];
    if ((events & EPOLLIN) != 0 && !client->receive(buffer_, *this)) {
      client.reset();
      return;
    }
    flush(*client);
  }

  void flush(limit::Client& client) const {
    const bool wasBlocked = client.blocked();
    client.flush();
    if (client.blocked() == wasBlocked) return;
    watch(client.descriptor(), EPOLL_CTL_MOD, EPOLLIN | (client.blocked() ? EPOLLOUT : 0U));
  }

  int listener_;
  int epoll_;
  std::vector<epoll_event> events_;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<limit::Client>> clients_;  // by descriptor
};

}  // namespace

int main() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGUSR2, SIG_IGN);  // asks for a collection of garbage, of which there is none
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  Server server;
  std::printf("{\"port\":%d,\"versions\":{\"g++\":\"%s\"}}\n", server.port(), __VERSION__);
  std::fflush(stdout);
  server.run();
}
