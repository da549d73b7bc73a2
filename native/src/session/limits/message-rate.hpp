// How fast a client may send: what comes pushes a due time ahead of the clock, by the time that it
// may take. A client may be a second ahead. Runs on: the I/O thread. Owner: its Session.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace beastio {
enum class Limit : std::uint8_t;
}

namespace beastio::session {

class MessageRate {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What a client may send in a second; 0: as much as it likes.
  struct Limits {
    std::size_t messages = 0;
    std::size_t bytes = 0;

    friend bool operator==(const Limits&, const Limits&) = default;
  };

  /// Counts a packet of so many bytes. Returns the limit that the client is beyond with it.
  std::optional<Limit> onPacket(std::size_t bytes, Limits limits, TimePoint now);
  /// Order: when the client is beyond a limit. Whether it was not, for a second.
  bool begins(TimePoint now);
  /// When the client may send as much again as in a tenth of a second. Other limits than before
  /// begin anew.
  TimePoint resumesAt(Limits limits);
  /// Whether it has sent more than it may in a minute. Nobody is paused for longer.
  bool isFarAhead(TimePoint now) const;

 private:
  void take(Limits limits);

  Limits limits_{};
  TimePoint knownUntil_{};  // that it is too fast
  TimePoint messagesDue_{};
  TimePoint bytesDue_{};
};

}  // namespace beastio::session
