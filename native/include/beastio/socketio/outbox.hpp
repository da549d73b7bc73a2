// Messages of one thread, gathered.
#pragma once

#include <cstddef>
#include <memory>
#include <system_error>

#include "beastio/export.hpp"

namespace beastio::native {
class Host;
}

namespace beastio::socketio {

class Server;

/// Gathers emits of one thread, so that each I/O thread is woken once for all of them. Owner: one
/// thread. Order: as added, behind what this thread has flushed or emitted before.
class BEASTIO_EXPORT Outbox {
 public:
#ifdef BEASTIO_NATIVE_ADDON
  /// Of io.native.
  explicit Outbox(const native::Host& host);
#else
  /// Lifetime: not longer than the server's.
  explicit Outbox(Server& server);
#endif
  /// Flushes.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Sends what was gathered. Waits while an I/O thread has 64 MiB unread. Errors: kClosed.
  std::error_code flush();
  /// How many bytes were gathered.
  std::size_t bytes() const;

  /// For the server.
  struct Content;
  /// For the server.
  explicit Outbox(std::unique_ptr<Content> content);
  /// For the server.
  Content& content() { return *content_; }

 private:
  std::unique_ptr<Content> content_;
};

}  // namespace beastio::socketio
