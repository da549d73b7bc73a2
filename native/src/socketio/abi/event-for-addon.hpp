// What addons get of an event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "beastio/abi.h"
#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/socket-ref.hpp"

namespace beastio::socketio {

/// An event or an answer as an addon gets it. Lifetime: of this object and what it was made of.
class EventForAddon {
 public:
  EventForAddon(SocketRef ref, beastio_local* local, std::string_view name, const Args& args,
                const Ack& ack);
  /// Without arguments: `payload` is told as it is.
  EventForAddon(SocketRef ref, beastio_local* local, std::string_view name,
                std::string_view payload);
  EventForAddon(const EventForAddon&) = delete;
  EventForAddon& operator=(const EventForAddon&) = delete;

  beastio_event& event() { return event_; }
  /// What the handler has said went wrong.
  const std::string& failure() const { return failure_; }

 private:
  std::vector<beastio_bytes> attachments_;
  std::string failure_;
  beastio_event event_;
};

}  // namespace beastio::socketio
