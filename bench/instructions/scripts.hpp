// The scripts that are counted. Those of Echoes and FanOut drive a whole engine through sockets, in
// lock-step. Nothing is sent before the last answer is there, so that every run takes the same
// turns.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace beastio::instructions {

using Script = std::function<void()>;

enum class Letters { kAscii, kOther };

/// How often a script does its work.
inline constexpr int kRepetitions = 200;

/// 16 text frames of a client in one read, parsed and unmasked.
Script framesIn(std::size_t payloadBytes, Letters letters);
/// 16 text frames into a send queue, gathered into one write.
Script framesOut(std::size_t payloadBytes);
/// An event into a session, to its handler.
Script sessionIn();
/// A packet out of a session, to its channel.
Script sessionOut();

/// An engine on its own port that echoes every message.
class Echoes {
 public:
  Echoes();
  ~Echoes();
  Script webSocket(int inFlight);
  Script polling();
  Script handshakes();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// An engine with 100 clients, of which 10 are in a room.
class FanOut {
 public:
  FanOut();
  ~FanOut();
  Script toEveryone();
  Script toRoom();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace beastio::instructions
