#include "beastio/engine.hpp"

#include <algorithm>
#include <future>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/doors/doors.hpp"
#include "engine/engine-core.hpp"
#include "engine/registry/sids.hpp"
#include "engine/settings.hpp"
#include "engine/stats.hpp"
#include "protocol/text/json-string.hpp"
#include "protocol/text/utf8.hpp"
#include "transport/http/websocket-accept.hpp"
#include "transport/loop/descriptor.hpp"
#include "transport/loop/listener.hpp"

namespace beastio {

Engine::Engine(const EngineOptions& options, const HandlerOf& handlerOf)
    : core_(std::make_unique<EngineCore>(options, handlerOf)) {}

Engine::~Engine() = default;

unsigned Engine::ioThreads() const { return core_->count(); }

EngineStats Engine::stats() const {
  EngineStats stats;
  for (const auto& thread : core_->threads) {
    auto& told = stats.threads.emplace_back(engine::statsOf(thread->counted()));
    told.inboxBytes = thread->inboxBytes();
    told.driving.byHost = thread->isHostDriving() ? 1 : 0;
  }
  return stats;
}

void Engine::setOptions(const EngineOptions& options) {
  auto next = options;
  next.perMessageDeflate = core_->perMessageDeflate;
  const auto settings = engine::settingsOf(next);
  for (const auto& thread : core_->threads) thread->renewSettings(settings);
}

void Engine::submit(Batch& batch, bool endsTick) { core_->submit(batch.take(endsTick), true); }

void Engine::submitDriving(Batch& batch) { core_->submit(batch.take(false), true, true); }

void Engine::layDown(Batch& batch) { core_->submit(batch.take(false), false); }

bool Engine::drive(unsigned thread) { return core_->threads[thread]->drive(); }

int Engine::driveDescriptor(unsigned thread) const {
  return core_->threads[thread]->driveDescriptor();
}

void Engine::takeBack(bool forever) {
  for (const auto& thread : core_->threads) thread->takeBack(forever);
}

void Engine::wake() {
  for (const auto& thread : core_->threads) thread->wake();
}

bool Engine::settle(std::chrono::milliseconds patience) {
  if (core_->here() != nullptr) return false;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<std::future<void>> settled;
  {
    const std::lock_guard lock(core_->asking);
    if (core_->stopped) return true;
    for (const auto& thread : core_->threads) {
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

void Engine::post(unsigned thread, std::function<void()> task) {
  auto& owner = *core_->threads.at(thread);
  if (!task || core_->stopped) return;
  owner.post([&owner, task = std::move(task)]() noexcept { owner.runTask(task); });
}

TimerId Engine::after(unsigned thread, std::chrono::milliseconds delay,
                      std::function<void()> task) {
  return core_->arm(thread, delay, {}, std::move(task));
}

TimerId Engine::every(unsigned thread, std::chrono::milliseconds period,
                      std::function<void()> task) {
  return core_->arm(thread, period, period, std::move(task));
}

// What another thread has armed may still be on its way here. It is refused until it has come.
void Engine::cancel(TimerId timer) {
  const auto thread = engine::TimerNumber::threadOf(timer);
  if (timer == 0 || thread >= core_->count() || core_->stopped) return;
  auto& owner = *core_->threads[thread];
  if (core_->here() != &owner) {
    return owner.post([&owner, timer] { owner.timers().cancel(timer); });
  }
  if (owner.timers().cancel(timer) || engine::TimerNumber::isArmedAtOnce(timer)) return;
  owner.timers().refuse(timer);
  owner.post([&owner, timer] { owner.timers().forget(timer); });
}

std::optional<unsigned> Engine::currentThread() const {
  const auto* const thread = core_->here();
  if (thread == nullptr) return std::nullopt;
  return thread->index();
}

bool Engine::isOnThread(unsigned thread) const {
  const auto* const here = core_->here();
  return here != nullptr && here->index() == thread;
}

void Engine::abort(unsigned thread, RequestId id) {
  auto& owner = *core_->threads.at(thread);
  owner.post([&owner, id] { owner.doors().polling.abort(id); });
}

unsigned Engine::upgrade(AttachedUpgrade upgrade) {
  const auto index = core_->choose(upgrade.request.target, upgrade.request.sid);
  auto& thread = *core_->threads[index];
  transport::Descriptor held(std::exchange(upgrade.descriptor, transport::Descriptor::kNone));
  thread.post([&thread, held = std::move(held), upgrade = std::move(upgrade)]() mutable {
    upgrade.descriptor = held.release();
    thread.doors().attached.upgrade(std::move(upgrade));
  });
  return index;
}

void Engine::cutOff(unsigned thread, RequestId id) {
  auto& owner = *core_->threads.at(thread);
  owner.post([&owner, id] { owner.doors().connections.cutOff(id); });
}

bool Engine::isAcceptable(const Request& request,
                          const std::optional<PerMessageDeflateOptions>& deflate) {
  return transport::acceptWebSocket(request, {}, engine::negotiableOf(deflate)).accepted;
}

unsigned Engine::webTransport(AttachedStream stream) {
  const auto index =
      stream.sid.empty() ? core_->nextInTurn() : engine::threadOf(stream.sid, core_->count());
  auto& thread = *core_->threads[index];
  thread.post([&thread, stream = std::move(stream)]() mutable {
    thread.doors().attached.webTransport(std::move(stream));
  });
  return index;
}

void Engine::streamData(unsigned thread, RequestId stream, std::string bytes) {
  auto& owner = *core_->threads.at(thread);
  owner.post([&owner, stream, bytes = std::move(bytes)]() mutable {
    owner.doors().streams.data(stream, std::move(bytes));
  });
}

void Engine::streamReadEnd(unsigned thread, RequestId stream) {
  auto& owner = *core_->threads.at(thread);
  owner.post([&owner, stream] { owner.doors().streams.readEnd(stream); });
}

void Engine::streamEnd(unsigned thread, RequestId stream, std::string error) {
  auto& owner = *core_->threads.at(thread);
  owner.post(
      [&owner, stream, error = std::move(error)] { owner.doors().streams.end(stream, error); });
}

void Engine::streamDrain(unsigned thread, RequestId stream, std::size_t bytes) {
  auto& owner = *core_->threads.at(thread);
  owner.post([&owner, stream, bytes] { owner.doors().streams.drain(stream, bytes); });
}

// The own port.

void Engine::setTls(const std::shared_ptr<const TlsContext>& context) {
  for (const auto& thread : core_->threads) {
    thread->post([&thread = *thread, context] { thread.environment().tlsContext = context; });
  }
}

void Engine::setWebHandlers(std::vector<std::shared_ptr<WebHandler>> handlers) {
  const auto shared = std::make_shared<const engine::WebHandlers>(std::move(handlers));
  for (const auto& thread : core_->threads) {
    thread->post([&thread = *thread, shared] { thread.doors().ownPort.web().setHandlers(shared); });
  }
}

void Engine::respond(const WebRequestId& request, WebAnswer answer) {
  if (request.thread >= core_->count()) return;
  auto& owner = *core_->threads[request.thread];
  owner.post([&owner, request, answer = std::move(answer)]() mutable {
    owner.doors().ownPort.web().respond(request, std::move(answer));
  });
}

bool Engine::askTls(unsigned thread, RequestId stream,
                    const std::function<void(TlsSession&)>& look) {
  auto& owner = *core_->threads.at(thread);
  return core_
      ->ask(owner, [&owner, stream, &look] { return owner.doors().streams.askTls(stream, look); })
      .value_or(false);
}

std::optional<std::chrono::microseconds> Engine::roundTrip(SessionId id) const {
  if (id.thread() >= ioThreads()) return std::nullopt;
  return core_->threads[id.thread()]->facts().roundTrip(id);
}

std::int64_t Engine::queueBalance(SessionId id) const {
  return id.thread() < ioThreads() ? core_->threads[id.thread()]->facts().balance(id) : 0;
}

std::optional<std::size_t> Engine::queuedBytes(SessionId id) {
  if (id.thread() >= ioThreads()) return std::nullopt;
  auto& owner = *core_->threads[id.thread()];
  return core_->ask(owner, [&owner, id] { return owner.queuedBytes(id); }).value_or(std::nullopt);
}

void Engine::resume(unsigned thread) {
  auto& owner = *core_->threads.at(thread);
  owner.post([&owner] { owner.resumeReading(); });
}

std::optional<Endpoint> Engine::listen(const ListenOptions& options, std::error_code& error) {
  auto& first = *core_->threads.front();
  error = std::make_error_code(core_->here() != nullptr ? std::errc::resource_deadlock_would_occur
                                                        : std::errc::operation_canceled);
  const auto answer =
      core_->ask(first, [this, &first, &options, &error]() -> std::optional<Endpoint> {
        error.clear();
        if (core_->listener) {
          error = std::make_error_code(std::errc::already_connected);
          return std::nullopt;
        }
        const auto listener = std::make_shared<transport::Listener>(
            first.environment(),
            [core = core_.get()](int descriptor, const transport::PeerName& peer) {
              core->accept(descriptor, peer);
            });
        auto bound = listener->bind(options, error);
        if (bound) error = listener->start();
        if (error) return std::nullopt;
        core_->listener = listener;
        core_->port.open();
        return bound;
      });
  return answer.value_or(std::nullopt);
}

void Engine::openPort() { core_->port.open(); }

void Engine::adopt(int descriptor) {
  core_->welcome(transport::Descriptor(descriptor), std::nullopt);
}

void Engine::closePort() {
  core_->port.close();
  auto& first = *core_->threads.front();
  if (core_->here() != nullptr) return first.post([core = core_.get()] { core->closeListener(); });
  core_->ask(first, [core = core_.get()] {
    core->closeListener();
    return true;
  });
}

void Engine::closeConnections(bool idleOnly) {
  for (const auto& thread : core_->threads) {
    thread->post(
        [&thread = *thread, idleOnly] { thread.doors().ownPort.connections().close(idleOnly); });
  }
}

std::int64_t Engine::connections() const { return core_->port.connections(); }

void Engine::addConnections(std::int64_t count) { core_->port.add(count); }

void Engine::hangUp(std::uint32_t line) { core_->port.hangUp(line); }

void Engine::closeAll() {
  core_->port.close();
  const auto closeEverywhere = [core = core_.get()] {
    for (const auto& thread : core->threads) {
      thread->post([&thread = *thread] { thread.closeAll(); });
    }
  };
  // What the first thread has accepted may still be on its way to another one, and is closed behind
  // it. Sessions go before their connections, also where that comes first.
  core_->threads.front()->post([core = core_.get(), closeEverywhere] {
    core->closeListener();
    closeEverywhere();
  });
  closeEverywhere();
}

bool Engine::close(std::chrono::milliseconds drain) { return core_->close(drain); }

void Engine::stop() { core_->here() == nullptr ? core_->stop() : core_->askToStop(); }

void appendLatin1(std::string_view utf8, std::string& out) { protocol::appendLatin1(utf8, out); }

void appendUtf16(std::string_view utf8, std::u16string& out) { protocol::appendUtf16(utf8, out); }

bool isPlainJson(std::string_view utf8) { return protocol::isPlainJson(utf8); }

void appendJsonString(std::u16string_view text, std::string& out) {
  protocol::appendJsonString(text, out);
}

}  // namespace beastio
