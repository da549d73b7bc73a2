#include "beastio/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/doors/doors.hpp"
#include "engine/engine-impl.hpp"
#include "engine/registry/sids.hpp"
#include "engine/settings.hpp"
#include "protocol/text/json-string.hpp"
#include "protocol/text/utf8.hpp"
#include "transport/http/websocket-accept.hpp"
#include "transport/loop/descriptor.hpp"

namespace beastio {

Engine::Engine(const EngineOptions& options, const HandlerOf& handlerOf)
    : impl_(std::make_unique<Impl>(options, handlerOf)) {}

Engine::~Engine() = default;

unsigned Engine::ioThreads() const { return impl_->count(); }

void Engine::setOptions(const EngineOptions& options) {
  auto next = options;
  next.perMessageDeflate = impl_->perMessageDeflate;
  const auto settings = engine::settingsOf(next);
  for (const auto& thread : impl_->threads) thread->renewSettings(settings);
}

void Engine::submit(Batch& batch, bool endsTick) { impl_->submit(batch.take(endsTick), true); }

void Engine::submitDriving(Batch& batch) { impl_->submit(batch.take(false), true, true); }

void Engine::layDown(Batch& batch) { impl_->submit(batch.take(false), false); }

bool Engine::drive(unsigned thread) { return impl_->threads[thread]->drive(); }

int Engine::driveDescriptor(unsigned thread) const {
  return impl_->threads[thread]->driveDescriptor();
}

void Engine::takeBack(bool forever) {
  for (const auto& thread : impl_->threads) thread->takeBack(forever);
}

void Engine::wake() {
  for (const auto& thread : impl_->threads) thread->wake();
}

bool Engine::settle(std::chrono::milliseconds patience) {
  if (impl_->here() != nullptr) return false;
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

void Engine::post(unsigned thread, std::function<void()> task) {
  auto& owner = *impl_->threads.at(thread);
  if (!task || impl_->stopped) return;
  owner.post([&owner, task = std::move(task)]() noexcept { owner.runTask(task); });
}

TimerId Engine::after(unsigned thread, std::chrono::milliseconds delay,
                      std::function<void()> task) {
  return impl_->arm(thread, delay, {}, std::move(task));
}

TimerId Engine::every(unsigned thread, std::chrono::milliseconds period,
                      std::function<void()> task) {
  return impl_->arm(thread, period, period, std::move(task));
}

// What another thread has armed may still be on its way here. It is refused until it has come.
void Engine::cancel(TimerId timer) {
  const auto thread = engine::TimerNumber::threadOf(timer);
  if (timer == 0 || thread >= impl_->count() || impl_->stopped) return;
  auto& owner = *impl_->threads[thread];
  if (impl_->here() != &owner) {
    return owner.post([&owner, timer] { owner.timers().cancel(timer); });
  }
  if (owner.timers().cancel(timer) || engine::TimerNumber::isArmedAtOnce(timer)) return;
  owner.timers().refuse(timer);
  owner.post([&owner, timer] { owner.timers().forget(timer); });
}

std::optional<unsigned> Engine::currentThread() const {
  const auto* const thread = impl_->here();
  if (thread == nullptr) return std::nullopt;
  return thread->index();
}

bool Engine::isOnThread(unsigned thread) const {
  const auto* const here = impl_->here();
  return here != nullptr && here->index() == thread;
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

void Engine::stop() { impl_->here() == nullptr ? impl_->stop() : impl_->askToStop(); }

void EngineHandler::onConnection(int descriptor, std::string_view) { ::close(descriptor); }

void appendLatin1(std::string_view utf8, std::string& out) { protocol::appendLatin1(utf8, out); }

void appendUtf16(std::string_view utf8, std::u16string& out) { protocol::appendUtf16(utf8, out); }

bool isPlainJson(std::string_view utf8) { return protocol::isPlainJson(utf8); }

void appendJsonString(std::u16string_view text, std::string& out) {
  protocol::appendJsonString(text, out);
}

}  // namespace beastio
