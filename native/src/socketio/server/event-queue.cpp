#include "socketio/server/event-queue.hpp"

#include <utility>

#include "socketio/server/guard.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

std::size_t QueuedEvent::bytes() const { return sizeof(QueuedEvent) + name.size() + args.bytes(); }

void QueuedEvent::run() {
  const auto server = core.lock();
  if (!server) return;
  const auto view = args.view();
  const auto ackId = ack.isWanted() ? std::optional(ack.id()) : std::nullopt;
  Event event{.ref = ref, .name = name, .args = view, .ack = std::move(ack)};
  callHandler(*server, *route, event);
  if (!event.isPassedOn || !server->isGuest()) return;
  server->post(ref.session().thread(), [event = *this, ackId](Shard& shard) {
    ServedSocket* const socket = shard.find(event.ref);
    if (socket == nullptr || !socket->owned) return;
    EventWriter whole(event.name);
    const auto again = event.args.view();
    whole.add(again);
    shard.passOn(*socket, ackId, whole.writer().text(), again.attachments(), event.isChecked);
  });
}

bool EventQueue::push(QueuedEvent event) {
  bool isFull = false;
  {
    const std::lock_guard lock(mutex_);
    if (isClosed_) return true;
    bytes_ += event.bytes();
    const auto busy = inOrder_ ? behind_.find(event.ref) : behind_.end();
    if (busy != behind_.end()) {
      busy->second.push_back(std::move(event));
    } else {
      if (inOrder_) behind_.try_emplace(event.ref);
      ready_.push_back(std::move(event));
    }
    isFull = bytes_ > maxBytes_;
  }
  changed_.notify_one();
  return !isFull;
}

void EventQueue::whenEmpty(std::function<void()> callback) {
  std::unique_lock lock(mutex_);
  whenEmpty_.push_back(std::move(callback));
  tellEmpty(lock);
}

std::deque<QueuedEvent> EventQueue::takeAll() {
  std::unique_lock lock(mutex_);
  auto taken = std::exchange(ready_, {});
  bytes_ = 0;
  tellEmpty(lock);
  return taken;
}

void EventQueue::tellEmpty(std::unique_lock<std::mutex>& lock) {
  if ((bytes_ > 0 && !isClosed_) || whenEmpty_.empty()) return;
  const auto told = std::exchange(whenEmpty_, {});
  lock.unlock();
  for (const auto& tell : told) tell();
}

bool EventQueue::waitFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return !ready_.empty() || isClosed_; }) &&
         !ready_.empty();
}

bool EventQueue::runNext() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || isClosed_; });
  if (isClosed_) return false;
  auto event = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  const auto bytes = event.bytes();
  event.run();
  finish(event.ref, bytes);
  return true;
}

// The next event of the same socket may be handled now.
void EventQueue::finish(SocketRef socket, std::size_t bytes) {
  std::unique_lock lock(mutex_);
  bytes_ -= std::min(bytes, bytes_);
  const auto busy = behind_.find(socket);
  if (busy != behind_.end()) {
    if (busy->second.empty()) {
      behind_.erase(busy);
    } else {
      ready_.push_back(std::move(busy->second.front()));
      busy->second.pop_front();
      changed_.notify_one();
    }
  }
  tellEmpty(lock);
}

void EventQueue::close() {
  std::unique_lock lock(mutex_);
  isClosed_ = true;
  ready_.clear();
  behind_.clear();
  changed_.notify_all();
  tellEmpty(lock);
}

Inbox::Inbox(std::size_t maxBytes) : queue_(std::make_shared<EventQueue>(maxBytes, false)) {}

Inbox::~Inbox() { queue_->close(); }

std::size_t Inbox::drain() {
  auto events = queue_->takeAll();
  for (auto& event : events) event.run();
  return events.size();
}

bool Inbox::waitFor(std::chrono::milliseconds time) { return queue_->waitFor(time); }

}  // namespace beastio::socketio
