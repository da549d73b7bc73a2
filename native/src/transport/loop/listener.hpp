// The listening socket of the own port. Accepts in turns and hands each descriptor to a callback,
// close-on-exec, non-blocking and without Nagle's delay. Out of descriptors it accepts and closes
// with a spare one, or backs off, so that it neither spins nor leaves clients hanging. Runs on: the
// I/O thread of its Environment.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>

#include "transport/loop/environment.hpp"
#include "transport/loop/peer-address.hpp"

namespace beastio {
struct Endpoint;
struct ListenOptions;
}  // namespace beastio

namespace beastio::transport {

class Listener final : public std::enable_shared_from_this<Listener> {
 public:
  using OnAccept = std::function<void(int descriptor, const PeerName& peer)>;

  Listener(Environment& environment, OnAccept onAccept);
  ~Listener();

  /// Binds and listens. Returns the address. Errors: set in `error`.
  std::optional<Endpoint> bind(const ListenOptions& options, std::error_code& error);
  void start();
  void close();

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                      boost::asio::io_context::executor_type>;

  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                        boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;

  static constexpr int kAcceptsPerTurn = 64;
  static constexpr std::chrono::milliseconds kBackoff{100};

  void wait();
  void backOff();
  bool accept();
  bool shedLoad();

  Acceptor acceptor_;
  Timer backoff_;
  OnAccept onAccept_;
  int spare_ = -1;
};

}  // namespace beastio::transport
