// What an Engine is made of: its I/O threads, its port, and how one reaches the other. It does not
// know Engine, which includes the whole public API.
// Runs on: any thread, except where a method says another. Owner: an Engine.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/host/batch.hpp"
#include "beastio/options.hpp"
#include "engine/backlog.hpp"
#include "engine/commands/block.hpp"
#include "engine/doors/shared/port.hpp"
#include "engine/io-thread.hpp"
#include "engine/registry/visitors.hpp"
#include "transport/loop/descriptor.hpp"
#include "transport/loop/listener.hpp"
#include "transport/loop/peer-address.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio {

class EngineHandler;

class EngineCore {
 public:
  using IoThread = engine::IoThread;
  using HandlerOf = std::function<EngineHandler&(unsigned thread)>;

  EngineCore(const EngineOptions& options, const HandlerOf& handlerOf);
  ~EngineCore() { stop(); }

  unsigned count() const { return static_cast<unsigned>(threads.size()); }

  /// Ends the threads, and joins them.
  void stop();
  /// Tells the threads to end. Nothing that is posted later runs.
  void askToStop();
  /// See Engine::close.
  bool close(std::chrono::milliseconds drain);

  /// The I/O thread of this engine that the caller is; none if it is another thread.
  IoThread* here() const;

  /// The thread of a session that a request names, otherwise the next in turn.
  unsigned choose(std::string_view target, std::string_view sid);
  unsigned nextInTurn() { return turn.fetch_add(1, std::memory_order_relaxed) % count(); }

  void submit(const std::shared_ptr<const Batch::Block>& block, bool wakes, bool claims = false) {
    for (unsigned i = 0; i < count(); ++i) {
      if (block->perThread[i].empty()) continue;
      if (claims) threads[i]->claim();
      threads[i]->submit(block, wakes);
    }
  }

  /// See Engine::after and Engine::every.
  std::uint64_t arm(unsigned thread, std::chrono::milliseconds delay,
                    std::chrono::milliseconds period, std::function<void()> task);

  // The own port.

  void serve(unsigned thread, transport::Carrier carrier, std::string bytes);
  /// A new connection, which the next thread in turn will serve unless there are too many.
  void accept(int descriptor, const transport::PeerName& peer);
  void welcome(transport::Descriptor held, const std::optional<transport::PeerName>& peer);
  /// Runs on: the first thread.
  void closeListener();

  /// Runs `task` on an I/O thread and waits for its result. None if the engine was stopped before,
  /// or on an I/O thread: two of them could wait for each other.
  template <class Task>
  auto ask(IoThread& thread, Task task) -> std::optional<decltype(task())> {
    if (here() != nullptr) return std::nullopt;
    std::packaged_task<decltype(task())()> packaged(std::move(task));
    auto result = packaged.get_future();
    {
      const std::lock_guard lock(asking);
      if (stopped) return std::nullopt;
      thread.takeBack();
      thread.post(std::move(packaged));  // before the task that stops the thread
    }
    return result.get();
  }

  const std::optional<PerMessageDeflateOptions> perMessageDeflate;  // the threads' zlib streams'
  engine::Visitors visitors;
  engine::Port port;  // ends before the visitors, whose lines it holds
  engine::TotalBacklog backlog{[this] {
    for (const auto& thread : threads) thread->post([&thread = *thread] { thread.relieve(); });
  }};
  std::vector<std::unique_ptr<IoThread>> threads;
  std::atomic<unsigned> turn = 0;
  std::atomic<std::uint64_t> lastTimer = 0;
  std::mutex asking;
  std::atomic<bool> stopped = false;  // set under that mutex
  std::mutex joining;
  std::shared_ptr<transport::Listener> listener;  // lives on the first thread

 private:
  /// Asks everybody to leave. Returns who is left; none if a thread is late.
  std::optional<engine::Left> windDown(bool closesIdle,
                                       std::chrono::steady_clock::time_point deadline);
  void add(const EngineOptions& options, EngineHandler& handler);
};

}  // namespace beastio
