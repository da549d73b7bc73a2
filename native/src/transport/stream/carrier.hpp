// What carries a connection while it travels from one I/O thread to another, or to the host. That
// is its socket and, with TLS, the session and what has not passed through it yet. What is kept for
// it goes along.
// Runs on: any thread.
#pragma once

#include <memory>
#include <string>

#include "transport/loop/descriptor.hpp"

namespace beastio {
class TlsSession;
}

namespace beastio::transport {

struct Carrier {
  Carrier();
  explicit Carrier(Descriptor socket);
  Carrier(Carrier&&) noexcept;
  Carrier& operator=(Carrier&&) noexcept;
  ~Carrier();

  Descriptor descriptor{Descriptor::kNone};
  std::unique_ptr<TlsSession> tls{};  ///< none: the bytes are plain
  std::string unread{};               ///< encrypted, received, not decrypted yet
  std::string unwritten{};            ///< encrypted, not sent yet
  std::shared_ptr<void> kept{};       ///< see TcpStream::keep
};

}  // namespace beastio::transport
