// What one run does, as bench/run.js says it on the command line.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "client/message.hpp"

namespace load {

struct Settings {
  std::uint16_t port = 0;
  pid_t pid = 0;  // the server's process, whose CPU time is read
  std::string workload;
  std::string transport;  // websocket, polling, or upgrade: from this to that
  bool tls = false;
  bool deflate = false;
  std::size_t connections = 0;
  std::chrono::milliseconds connectOver{};  // the time in which they come evenly; 0: at once
  std::size_t namespaces = 1;               // that every client joins, `/` among them
  std::size_t rooms = 0;                    // each client is in one of them; 0: in none
  std::size_t inFlight = 0;                 // messages without an answer that a sender may have
  Payload payload = Payload::kText;
  std::size_t payloadBytes = 0;
  std::uint64_t rate = 0;             // messages a second, where the workload has a rate
  std::chrono::microseconds pause{};  // from an answered broadcast to the next; 0: none
  // Whether to poll without sleeping, which wants a core that nothing else uses. A sleeping
  // generator has to be woken, and the kernel charges the server for that: on a virtual machine,
  // half its send() cost.
  bool spin = false;
  // Whether to ask the server to collect garbage when the measured window begins.
  bool collect = false;
  std::chrono::milliseconds warmup{};
  std::chrono::milliseconds measure{};
};

/// Reads `--port 3000 --workload echo …`. Every setting is required.
/// Errors: a LoadError names the unknown, missing or malformed one.
Settings parseSettings(int argc, const char* const* argv);

}  // namespace load
