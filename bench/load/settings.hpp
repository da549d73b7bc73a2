// What one run does, as bench/run.js says it on the command line.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace load {

struct Settings {
  std::uint16_t port = 0;
  pid_t pid = 0;  // the server's process, whose CPU time is read
  std::string workload;
  std::size_t connections = 0;
  std::size_t inFlight = 0;           // messages without an answer that a sender may have
  std::size_t payloadBytes = 0;       // the string argument of an event, without its quotes
  std::chrono::microseconds pause{};  // from an answered broadcast to the next; 0: none
  // Whether to poll without sleeping, which wants a core of its own. A sleeping generator has to be
  // woken, and the kernel charges the server for that: on a virtual machine, half its send() cost.
  bool spin = false;
  std::chrono::milliseconds warmup{};
  std::chrono::milliseconds measure{};
};

/// Reads `--port 3000 --workload echo …`. Every setting is required.
/// Errors: a LoadError names the unknown, missing or malformed one.
Settings parseSettings(int argc, const char* const* argv);

}  // namespace load
