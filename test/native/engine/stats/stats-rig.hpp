// What the tests of an engine's figures share: how they are read, and waited for.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "beastio/host/stats.hpp"
#include "engine/engine-rig.hpp"

namespace beastio::engine::test {

inline ThreadStats statsOf(EngineRig& rig) { return rig.engine->stats().sum(); }

/// Looks until the figures are as they should be. Returns whether they came to that.
template <class Condition>
bool await(const Engine& engine, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + RecordingHandler::kPatience;
  while (!condition(engine.stats().sum())) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

template <class Condition>
bool await(EngineRig& rig, Condition condition) {
  return await(*rig.engine, condition);
}

inline std::uint64_t sessionsIn(const SessionCounts& counts) {
  std::uint64_t sum = 0;
  for (const auto* protocols : {&counts.polling, &counts.webSocket, &counts.webTransport}) {
    sum += protocols->v3 + protocols->v4;
  }
  return sum;
}

inline bool isEmpty(const ThreadStats& stats) {
  return sessionsIn(stats.sessions) == 0 && stats.connections.open == 0 &&
         stats.sendQueueBytes == 0;
}

inline std::string closeOf(const CloseStats& closed) {
  return std::to_string(closed.transportClose) + std::to_string(closed.transportError) +
         std::to_string(closed.pingTimeout) + std::to_string(closed.parseError) +
         std::to_string(closed.forcedClose);
}

inline std::string request3(std::string_view transport, std::string_view lines = {}) {
  return "GET /engine.io/?EIO=3&transport=" + std::string(transport) + " HTTP/1.1\r\nHost: x\r\n" +
         std::string(lines) + "\r\n";
}

}  // namespace beastio::engine::test
