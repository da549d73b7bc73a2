// The acknowledgements that clients owe.
#include <utility>

#include "socketio/server/guard.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

void Shard::ask(ServedSocket& socket, const EventWriter& writer, AckSink sink,
                std::chrono::milliseconds timeout) {
  if (const auto error = refusalOf(writer)) return sink(error, nullptr);
  if (socket.state != ServedSocket::State::kConnected) return sink(Errc::kGone, nullptr);
  if (socket.acks && socket.acks->size() >= core_.options().maxPendingAcks) {
    return sink(Errc::kTooManyAcks, nullptr);
  }
  askAs(socket, socket.local.core.nextAckId(), writer, timeout, std::move(sink));
}

void Shard::askAs(ServedSocket& socket, std::uint64_t id, const EventWriter& writer,
                  std::chrono::milliseconds timeout, AckSink sink) {
  expect(socket, id, std::move(sink), timeout);
  const auto& parts =
      packets_.add(out_, PacketWriter::Type::kEvent, socket.local.core.text(), id, writer.writer());
  out_.send(socket.client.session, parts.data(), parts.size(), {});
}

void Shard::expect(ServedSocket& socket, std::uint64_t id, AckSink sink,
                   std::chrono::milliseconds timeout) {
  if (timeout.count() == 0) timeout = core_.options().ackTimeout;
  const auto deadline =
      deadlines_.emplace(Clock::now() + timeout, Deadline{.socket = socket.name, .id = id});
  if (!socket.acks) socket.acks = std::make_unique<PendingAcks>();
  socket.acks->insert_or_assign(id, PendingAck{std::move(sink), deadline});
  armDeadlines();
}

// Whoever is called may do anything, so nothing of the acknowledgement is left before.
void Shard::complete(ServedSocket& socket, std::uint64_t id, std::error_code error,
                     const Args* args) {
  if (!socket.acks) return;
  const auto found = socket.acks->find(id);
  if (found == socket.acks->end()) return;
  const auto sink = std::move(found->second.sink);
  deadlines_.erase(found->second.deadline);
  socket.acks->erase(found);
  noteHandler("an acknowledgement");
  guarded(core_, socket.name, "an acknowledgement", [&] { sink(error, args); });
}

void Shard::checkDeadlines() {
  const auto now = Clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto due = deadlines_.begin()->second;
    ServedSocket* const socket = find(due.socket);
    if (socket == nullptr) {
      deadlines_.erase(deadlines_.begin());
    } else {
      complete(*socket, due.id, Errc::kTimeout, nullptr);
    }
  }
  armDeadlines();
}

void Shard::armDeadlines() {
  if (deadlines_.empty()) return;
  const auto next = deadlines_.begin()->first;
  if (deadlineTimer_ && *deadlineTimer_ <= next) return;
  deadlineTimer_ = next;
  const auto delay = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  core_.engine().after(index_, delay, [this, next] {
    if (deadlineTimer_ == next) deadlineTimer_.reset();
    checkDeadlines();
    flush();
  });
}

}  // namespace beastio::socketio
