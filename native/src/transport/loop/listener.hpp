// The listening socket of the own port, TCP or unix. Accepts in turns and hands each descriptor to
// a callback, close-on-exec, non-blocking and without Nagle's delay. Out of descriptors it accepts
// and closes with a spare one, or backs off, so that it neither spins nor leaves clients hanging.
// Runs on: the I/O thread of its Environment.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>

#include "transport/loop/descriptor.hpp"
#include "transport/loop/environment.hpp"
#include "transport/loop/peer-address.hpp"
#include "transport/loop/unix-path.hpp"

namespace beastio {
struct Endpoint;
struct ListenOptions;
}  // namespace beastio

namespace beastio::transport {

class Listener final : public std::enable_shared_from_this<Listener>,
                       private Watcher,
                       private session::TimerClient {
 public:
  using OnAccept = std::function<void(int descriptor, const PeerName& peer)>;

  Listener(Environment& environment, OnAccept onAccept);
  ~Listener();

  /// Binds and listens. Returns the address. Errors: set in `error`.
  std::optional<Endpoint> bind(const ListenOptions& options, std::error_code& error);
  /// Order: after `bind`. Errors: as the system tells them.
  std::error_code start();
  void close();

 private:
  static constexpr int kAcceptsPerTurn = 64;
  static constexpr std::chrono::milliseconds kBackoff{100};

  enum class Next : std::uint8_t { kWait, kGoOn, kBackOff };

  // Watcher
  void onReady(const Readiness&) override { acceptAll(); }
  void onTimer(std::chrono::steady_clock::time_point now) override;

  std::optional<Endpoint> bindTcp(const ListenOptions& options, std::error_code& error);
  std::optional<Endpoint> bindUnix(const ListenOptions& options, std::error_code& error);
  void acceptAll();
  Next accept();
  Next shedLoad();

  Environment& environment_;
  OnAccept onAccept_;
  Descriptor socket_{Descriptor::kNone};
  Descriptor spare_;
  UnixPath path_;  // of a unix socket
  bool isBackingOff_ = false;
};

}  // namespace beastio::transport
