// A server without Node: what one client sends goes to all of them. One I/O thread serves them, so
// nothing here needs a lock.
#pragma once

#include <beastio/engine.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

class Relay final : private beastio::EngineHandler {
 public:
  /// Listens on a port; 0: any free one. Returns where it does. Errors: throws std::system_error.
  beastio::Endpoint listen(std::uint16_t port) {
    std::error_code error;
    const auto bound = engine_.listen({.port = port}, error);
    if (!bound) throw std::system_error(error, "port " + std::to_string(port));
    return *bound;
  }

 private:
  static constexpr beastio::RoomId kEverybody = 1;

  // Called on the I/O thread.

  void onOpen(const beastio::OpenedSession& session) override {
    batch_.join(session.id, kEverybody);
  }

  void onMessage(beastio::SessionId, const beastio::Message& message) override {
    const auto part =
        message.binary ? batch_.addBinary(message.data) : batch_.addText(message.data);
    batch_.broadcast({.rooms = {kEverybody}}, {part});
  }

  void onClose(beastio::SessionId, beastio::CloseReason, std::string_view) override {}

  bool onBatchEnd() override {
    if (!batch_.empty()) engine_.submit(batch_);
    return true;
  }

  beastio::Batch batch_{1};  // for one thread
  // The last member: its threads end before what they use is gone.
  beastio::Engine engine_{{.ioThreads = 1},
                          [this](unsigned) -> beastio::EngineHandler& { return *this; }};
};
