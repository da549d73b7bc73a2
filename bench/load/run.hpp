// One run from the first connection to the figures: connect all, warm up, measure. One thread and
// one epoll; it owns the connections and the workload.
#pragma once

#include <sys/epoll.h>

#include <memory>
#include <vector>

#include "cpu-counters.hpp"
#include "workload.hpp"

namespace load {

struct Result {
  Tally tally;
  CpuReading cpu;                     // spent in the window
  std::chrono::nanoseconds window{};  // measured, not asked for
  std::chrono::nanoseconds busy{};    // of it, what the generator did not spend waiting
  std::chrono::nanoseconds connecting{};
};

class Run final : private Outlet {
 public:
  explicit Run(const Settings& settings);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Errors: a LoadError for a server that breaks a promise, stalls or starves a client.
  Result execute();

 private:
  void send(std::size_t connection, std::string_view packet) override;

  void connectAll();
  void openNext();
  void loopUntil(Clock::time_point deadline);
  /// Waits for at most `timeout`, less when spinning, and handles what is there.
  void poll(std::chrono::milliseconds timeout);
  std::size_t wait(std::chrono::milliseconds timeout);
  void handle(std::size_t connection);
  void flushTouched();
  void watch(std::size_t connection, int operation, bool forWriting);

  const Settings settings_;
  CpuCounters cpu_;
  int epoll_;
  Tally tally_;
  std::unique_ptr<Workload> workload_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<bool> awaitsWritable_;  // by connection: epoll reports it
  std::size_t ready_ = 0;
  std::vector<std::size_t> touched_;  // connections with something queued since the last flush
  std::vector<char> buffer_;
  std::vector<epoll_event> events_;
  Clock::time_point lastEvent_;
  std::chrono::nanoseconds busy_{};
};

}  // namespace load
