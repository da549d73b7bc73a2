// One run from the first client to the figures: connect all, warm up, measure. One thread and
// one epoll; it owns the clients and the workload.
#pragma once

#include <sys/epoll.h>

#include <memory>
#include <optional>
#include <vector>

#include "measure/cpu-counters.hpp"
#include "workloads/workload.hpp"

namespace load {

struct Result {
  Tally tally;
  CpuReading cpu;                     // spent in the window
  std::chrono::nanoseconds window{};  // measured, not asked for
  std::chrono::nanoseconds busy{};    // of it, what the generator did not spend waiting
  std::chrono::nanoseconds connecting{};
  std::uint64_t residentAtFirst = 0;  // bytes of the server, before there was any client
  std::uint64_t residentAtBegin = 0;  // when the window began
  std::uint64_t residentAtEnd = 0;
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
  void send(std::size_t client, std::string_view packet, std::string_view attachment) override;
  void replace(std::size_t client) override { replaced_.push_back(client); }
  void replaceAll() override { replacesAll_ = true; }

  void connectAll();
  /// How many clients have come when so much time has passed.
  std::size_t dueToConnect(Clock::duration elapsed) const;
  /// Makes the client of a slot, in the place of an earlier one or not.
  void open(std::size_t client);
  /// Has epoll report the sockets that a client has not had before.
  void watchNew(std::size_t client);
  void loopUntil(Clock::time_point deadline);
  /// Goes on until the workload lets the window begin or end. Errors: a LoadError when it does not.
  void settle();
  /// Goes on until all that was sent before `begin` is answered.
  /// Errors: a LoadError when that takes long: a client is starved.
  void awaitAnswersOf(Clock::time_point begin);
  /// Waits until `deadline` at most, not at all when spinning, and handles what is there.
  void poll(Clock::time_point deadline);
  std::size_t wait(std::chrono::nanoseconds timeout);
  void handle(std::size_t client, std::size_t which);
  void flushTouched();
  void openReplacements();
  void watch(std::size_t client, std::size_t which, int operation);

  const Settings settings_;
  CpuCounters cpu_;
  int epoll_;
  Tally tally_;
  std::unique_ptr<Workload> workload_;
  std::optional<TlsContext> tls_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::size_t> watched_;  // by client: how many of its sockets epoll knows
  std::vector<bool> awaitsWritable_;  // by client and socket: epoll reports it
  std::size_t ready_ = 0;             // of the first clients; their replacements do not count
  std::vector<std::size_t> touched_;  // clients with something queued since the last flush
  std::vector<std::size_t> replaced_;
  bool replacesAll_ = false;
  std::vector<char> buffer_;
  std::vector<epoll_event> events_;
  Clock::time_point lastEvent_;
  std::chrono::nanoseconds busy_{};
};

}  // namespace load
