#include "beastio/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/commands/block.hpp"
#include "engine/doors/doors.hpp"
#include "engine/doors/shared/port.hpp"
#include "engine/io-thread.hpp"
#include "engine/registry/sids.hpp"
#include "engine/settings.hpp"
#include "protocol/text/json-string.hpp"
#include "protocol/text/utf8.hpp"
#include "transport/http/websocket-accept.hpp"
#include "transport/loop/descriptor.hpp"
#include "transport/loop/listener.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/carrier.hpp"

namespace beastio {

using engine::IoThread;

struct Engine::Impl {
  Impl(const EngineOptions& options, const HandlerOf& handlerOf)
      : perMessageDeflate(options.perMessageDeflate) {
    if (options.ioThreads < 1 || options.ioThreads > SessionId::kMaxThreads) {
      throw std::invalid_argument("ioThreads must be between 1 and 64");
    }
    for (unsigned i = 0; i < options.ioThreads; ++i) add(options, handlerOf(i));
    for (const auto& thread : threads) thread->start();
  }

  ~Impl() { stop(); }

  /// Adds an I/O thread, which does not run yet.
  void add(const EngineOptions& options, EngineHandler& handler) {
    threads.push_back(std::make_unique<IoThread>(
        count(), options.ioThreads, options, handler, port, backlog,
        [this](unsigned thread, transport::Carrier carrier, std::string bytes) {
          serve(thread, std::move(carrier), std::move(bytes));
        }));
  }

  void stop() {
    {
      const std::lock_guard lock(asking);
      stopped = true;
    }
    for (const auto& thread : threads) thread->stop();
  }

  unsigned count() const { return static_cast<unsigned>(threads.size()); }

  /// The thread of a session that is named, otherwise the next in turn.
  unsigned choose(const AttachedRequest& request) {
    const auto named = engine::threadOf(request.target, request.sid, count());
    return named ? *named : nextInTurn();
  }

  unsigned nextInTurn() { return turn.fetch_add(1, std::memory_order_relaxed) % count(); }

  void serve(unsigned thread, transport::Carrier carrier, std::string bytes) {
    auto& owner = *threads[thread];
    owner.post([&owner, carrier = std::move(carrier), bytes = std::move(bytes)]() mutable {
      owner.doors().ownPort.connections().serve(std::move(carrier), bytes);
    });
  }

  /// A new connection, which the next thread in turn will serve unless there are too many.
  void accept(int descriptor, const transport::PeerName& peer) {
    transport::Descriptor held(descriptor);
    const auto limit = threads.front()->environment().settings->port.maxConnections;
    if (limit > 0 && port.connections() >= static_cast<std::int64_t>(limit)) return;
    port.add(1);
    welcome(std::move(held), peer);
  }

  void welcome(transport::Descriptor held, const std::optional<transport::PeerName>& peer) {
    auto& owner = *threads[nextInTurn()];
    owner.post([&owner, held = std::move(held), peer]() mutable {
      owner.doors().ownPort.connections().welcome(std::move(held), peer);
    });
  }

  /// Runs on: the first thread.
  void closeListener() {
    if (listener) std::exchange(listener, nullptr)->close();
  }

  void submit(const std::shared_ptr<const Batch::Block>& block, bool wakes) {
    for (unsigned i = 0; i < count(); ++i) {
      if (!block->perThread[i].empty()) threads[i]->submit(block, wakes);
    }
  }

  /// Runs `task` on an I/O thread and waits for its result; none if the engine was stopped before.
  template <class Task>
  auto ask(IoThread& thread, Task task) -> std::optional<decltype(task())> {
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
  engine::Port port;
  engine::TotalBacklog backlog{[this] {
    for (const auto& thread : threads) thread->post([&thread = *thread] { thread.relieve(); });
  }};
  std::vector<std::unique_ptr<IoThread>> threads;
  std::atomic<unsigned> turn = 0;
  std::mutex asking;
  bool stopped = false;                           // guarded by the mutex
  std::shared_ptr<transport::Listener> listener;  // lives on the first thread
};

Engine::Engine(const EngineOptions& options, const HandlerOf& handlerOf)
    : impl_(std::make_unique<Impl>(options, handlerOf)) {}

Engine::~Engine() { stop(); }

unsigned Engine::ioThreads() const { return impl_->count(); }

void Engine::setOptions(const EngineOptions& options) {
  auto next = options;
  next.perMessageDeflate = impl_->perMessageDeflate;
  const auto settings = engine::settingsOf(next);
  for (const auto& thread : impl_->threads) thread->renewSettings(settings);
}

void Engine::submit(Batch& batch, bool endsTick) { impl_->submit(batch.take(endsTick), true); }

void Engine::layDown(Batch& batch) { impl_->submit(batch.take(false), false); }

bool Engine::drive(unsigned thread) { return impl_->threads[thread]->drive(); }

int Engine::driveDescriptor(unsigned thread) const {
  return impl_->threads[thread]->driveDescriptor();
}

void Engine::takeBack() {
  for (const auto& thread : impl_->threads) thread->takeBack();
}

void Engine::wake() {
  for (const auto& thread : impl_->threads) thread->wake();
}

bool Engine::settle(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<std::future<void>> settled;
  {
    const std::lock_guard lock(impl_->asking);
    if (impl_->stopped) return true;
    for (const auto& thread : impl_->threads) {
      std::packaged_task<void()> task([&thread = *thread] { thread.settle(); });
      settled.push_back(task.get_future());
      thread->takeBack();
      thread->post(std::move(task));
    }
  }
  return std::all_of(settled.begin(), settled.end(), [deadline](const auto& thread) {
    return thread.wait_until(deadline) == std::future_status::ready;
  });
}

void Engine::abort(unsigned thread, RequestId id) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner, id] { owner.doors().polling.abort(id); });
}

unsigned Engine::upgrade(AttachedUpgrade upgrade) {
  const auto index = impl_->choose(upgrade.request);
  auto& thread = *impl_->threads[index];
  transport::Descriptor held(std::exchange(upgrade.descriptor, transport::Descriptor::kNone));
  thread.post([&thread, held = std::move(held), upgrade = std::move(upgrade)]() mutable {
    upgrade.descriptor = held.release();
    thread.doors().attached.upgrade(std::move(upgrade));
  });
  return index;
}

void Engine::cutOff(unsigned thread, RequestId id) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner, id] { owner.doors().connections.cutOff(id); });
}

bool Engine::isAcceptable(const Request& request,
                          const std::optional<PerMessageDeflateOptions>& deflate) {
  return transport::acceptWebSocket(request, {}, engine::negotiableOf(deflate)).accepted;
}

unsigned Engine::webTransport(AttachedStream stream) {
  const auto index =
      stream.sid.empty() ? impl_->nextInTurn() : engine::threadOf(stream.sid, impl_->count());
  auto& thread = *impl_->threads[index];
  thread.post([&thread, stream = std::move(stream)]() mutable {
    thread.doors().attached.webTransport(std::move(stream));
  });
  return index;
}

void Engine::streamData(unsigned thread, RequestId stream, std::string bytes) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner, stream, bytes = std::move(bytes)]() mutable {
    owner.doors().streams.data(stream, std::move(bytes));
  });
}

void Engine::streamReadEnd(unsigned thread, RequestId stream) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner, stream] { owner.doors().streams.readEnd(stream); });
}

void Engine::streamEnd(unsigned thread, RequestId stream, std::string error) {
  auto& owner = *impl_->threads.at(thread);
  owner.post(
      [&owner, stream, error = std::move(error)] { owner.doors().streams.end(stream, error); });
}

void Engine::streamDrain(unsigned thread, RequestId stream, std::size_t bytes) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner, stream, bytes] { owner.doors().streams.drain(stream, bytes); });
}

void Engine::setTls(const std::shared_ptr<const TlsContext>& context) {
  for (const auto& thread : impl_->threads) {
    thread->post([&thread = *thread, context] { thread.environment().tlsContext = context; });
  }
}

bool Engine::askTls(unsigned thread, RequestId stream,
                    const std::function<void(TlsSession&)>& look) {
  auto& owner = *impl_->threads.at(thread);
  return impl_
      ->ask(owner, [&owner, stream, &look] { return owner.doors().streams.askTls(stream, look); })
      .value_or(false);
}

void Engine::resume(unsigned thread) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner] { owner.environment().resumeReading(); });
}

std::optional<Endpoint> Engine::listen(const ListenOptions& options, std::error_code& error) {
  auto& first = *impl_->threads.front();
  error = std::make_error_code(std::errc::operation_canceled);  // if it has been stopped
  const auto answer =
      impl_->ask(first, [this, &first, &options, &error]() -> std::optional<Endpoint> {
        error.clear();
        if (impl_->listener) {
          error = std::make_error_code(std::errc::already_connected);
          return std::nullopt;
        }
        const auto listener = std::make_shared<transport::Listener>(
            first.environment(),
            [impl = impl_.get()](int descriptor, const transport::PeerName& peer) {
              impl->accept(descriptor, peer);
            });
        auto bound = listener->bind(options, error);
        if (bound) error = listener->start();
        if (error) return std::nullopt;
        impl_->listener = listener;
        impl_->port.open();
        return bound;
      });
  return answer.value_or(std::nullopt);
}

void Engine::openPort() { impl_->port.open(); }

void Engine::adopt(int descriptor) {
  impl_->welcome(transport::Descriptor(descriptor), std::nullopt);
}

void Engine::closePort() {
  impl_->port.close();
  impl_->ask(*impl_->threads.front(), [impl = impl_.get()] {
    impl->closeListener();
    return true;
  });
}

void Engine::closeConnections(bool idleOnly) {
  for (const auto& thread : impl_->threads) {
    thread->post(
        [&thread = *thread, idleOnly] { thread.doors().ownPort.connections().close(idleOnly); });
  }
}

std::int64_t Engine::connections() const { return impl_->port.connections(); }

void Engine::addConnections(std::int64_t count) { impl_->port.add(count); }

void Engine::closeAll() {
  impl_->port.close();
  // What the first thread has accepted may still be on its way to another one.
  impl_->threads.front()->post([this] {
    impl_->closeListener();
    closeConnections(false);
  });
  for (const auto& thread : impl_->threads) {
    thread->post([&thread = *thread] { thread.closeAll(); });
  }
}

void Engine::stop() { impl_->stop(); }

void EngineHandler::onConnection(int descriptor, std::string_view) { ::close(descriptor); }

void appendLatin1(std::string_view utf8, std::string& out) { protocol::appendLatin1(utf8, out); }

void appendUtf16(std::string_view utf8, std::u16string& out) { protocol::appendUtf16(utf8, out); }

bool isPlainJson(std::string_view utf8) { return protocol::isPlainJson(utf8); }

void appendJsonString(std::u16string_view text, std::string& out) {
  protocol::appendJsonString(text, out);
}

}  // namespace beastio
