// What the targets with handlers of Socket.IO events share: limits, and what handlers are promised.
#pragma once

#include <beastio/socketio.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/support/target.hpp"
#include "protocol/text/json-check.hpp"

namespace beastio::fuzz {

inline constexpr std::size_t kInputsPerServer = 200;
inline constexpr std::size_t kMaxDepth = 50;
/// A place that no session of the engine has.
inline constexpr std::uint32_t kSlot = 5000;

inline socketio::ServerOptions tightOptions() {
  socketio::ServerOptions options;
  options.maxRoomsPerSocket = 5;
  options.maxPendingAcks = 5;
  options.maxAttachments = 3;
  options.maxPacketBytes = 4096;
  options.maxJsonDepth = kMaxDepth;
  options.poolThreads = 1;
  return options;
}

/// Returns the promise that the arguments of an event break; nullptr: none.
inline const char* brokenBy(const socketio::Args& args) {
  const auto json = args.json();
  if (!protocol::isValidJson("[" + std::string(json) + "]", kMaxDepth + 1)) return "JSON is valid";
  if (args.attachments().size() > tightOptions().maxAttachments) return "attachments are few";
  socketio::ArgsReader reader(args);
  std::size_t count = 0;
  for (; const auto argument = reader.next(); ++count) {
    if (!isWithin(argument->json, json)) return "an argument lies within";
    if (argument->binary() && args.attachments().empty()) return "an attachment is there";
  }
  return count == args.size() ? nullptr : "arguments are counted";
}

}  // namespace beastio::fuzz
