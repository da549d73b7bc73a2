#include "beastio/socketio/broadcast-operator.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "socketio/guest/by-owner.hpp"
#include "socketio/shard/sending.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

/// What the owner of a guest's sockets has found, by ids and rooms. Those of other servers have no
/// SocketRef.
std::vector<RemoteSocket> remoteSockets(const NamespaceCore& nsp,
                                        const std::vector<OwnedArgs>& answers) {
  std::vector<RemoteSocket> sockets;
  for (const auto& answer : answers) {
    const auto args = answer.view();
    const auto id = args.get<std::string>(0);
    const auto rooms = args.get<std::vector<std::string>>(1);
    if (!id || !rooms) continue;
    sockets.push_back({.ref = nsp.socketOf(*id).value_or(SocketRef()), .id = *id, .rooms = *rooms});
  }
  return sockets;
}

/// What the engine is to resolve. Returns none if nobody can be meant.
std::optional<Audience> audienceOf(const Target& target, NamespaceCore& nsp) {
  Audience audience;
  const auto add = [&nsp](const std::string& name, std::vector<RoomId>& rooms) {
    if (const auto number = nsp.rooms().find(name)) rooms.push_back(*number);
    if (const auto socket = nsp.socketOf(name)) rooms.push_back(socket->epoch());
  };
  for (const auto& name : target.rooms) add(name, audience.rooms);
  for (const auto room : target.roomNumbers) audience.rooms.push_back(room.number);
  if (audience.rooms.empty()) {
    if (!target.rooms.empty()) return std::nullopt;
    audience.rooms.push_back(nsp.everybody());
  }
  for (const auto& name : target.except) add(name, audience.exceptRooms);
  for (const auto socket : target.exceptSockets) audience.exceptRooms.push_back(socket.epoch());
  return audience;
}

/// Runs `task` on each I/O thread: now if this is one, else soon.
std::error_code onEachThread(const Target& target, const std::function<void(Shard&)>& task) {
  const Sending sending(target.scope);
  if (!sending) return Errc::kClosed;
  Shard* const here = sending.here();
  for (unsigned i = 0; i < sending.core().options().engine.ioThreads; ++i) {
    if (here != nullptr && here->index() == i) {
      task(*here);
    } else {
      sending.core().post(i, task);
    }
  }
  return {};
}

}  // namespace

BroadcastOperator BroadcastOperator::to(std::string_view room) const& {
  return BroadcastOperator(*this).to(room);
}

BroadcastOperator BroadcastOperator::to(std::string_view room) && {
  target_.rooms.emplace_back(room);
  return std::move(*this);
}

BroadcastOperator BroadcastOperator::to(Room room) const {
  auto next = *this;
  next.target_.roomNumbers.push_back(room);
  return next;
}

BroadcastOperator BroadcastOperator::except(std::string_view room) const {
  auto next = *this;
  next.target_.except.emplace_back(room);
  return next;
}

BroadcastOperator BroadcastOperator::except(SocketRef socket) const {
  auto next = *this;
  next.target_.exceptSockets.push_back(socket);
  return next;
}

BroadcastOperator BroadcastOperator::volatile_() const {
  auto next = *this;
  next.target_.isVolatile = true;
  return next;
}

BroadcastOperator BroadcastOperator::compress(bool allowed) const {
  auto next = *this;
  next.target_.compress = allowed;
  return next;
}

BroadcastOperator BroadcastOperator::local() const {
  auto next = *this;
  next.target_.isLocal = true;
  return next;
}

BroadcastOperator BroadcastOperator::timeout(std::chrono::milliseconds time) const {
  auto next = *this;
  next.target_.timeout = time;
  return next;
}

std::error_code BroadcastOperator::send(const EventWriter& writer, Outbox* outbox) const {
  if (const auto error = refusalOf(writer)) return error;
  Sending sending(target_.scope);
  if (!sending) return Errc::kClosed;
  auto& nsp = sending.core().namespaceOf(target_.scope);
  if (goesByOwner(nsp, target_)) return emitByOwner(sending, target_, writer);
  Place place{};
  if (auto* const recovery = nsp.recovery(); recovery != nullptr && !target_.isVolatile) {
    place = {.series = nsp.everybody(), .number = recovery->keep(target_, 0, writer)};
  }
  auto audience = audienceOf(target_, nsp);
  if (!audience) return {};
  return sending.through(outbox, [&](Batch& batch) {
    PacketWriter packets;
    const auto& parts =
        packets.add(batch, PacketWriter::Type::kEvent, nsp.text(), std::nullopt, writer.writer());
    batch.broadcast(std::move(*audience), parts,
                    {.isVolatile = target_.isVolatile, .compress = target_.compress}, place);
  });
}

// Every thread asks its sockets, all by one id, and says how many they are. The last answer, or the
// first that comes too late, completes it.
void BroadcastOperator::ask(const EventWriter& writer, AnswersSink done) const {
  struct Gathering {
    std::mutex mutex;
    AnswersSink done;
    std::vector<OwnedArgs> answers;
    std::size_t expected = 0;
    std::size_t outstanding = 0;
    std::size_t threadsLeft = 0;
    std::error_code error;

    void finish(std::unique_lock<std::mutex>& lock) {
      if (threadsLeft > 0 || outstanding > 0 || !done) return;
      const auto call = std::exchange(done, nullptr);
      lock.unlock();
      call(error, expected, answers);
    }
  };
  if (const auto error = refusalOf(writer)) return done(error, 0, {});
  const Sending sending(target_.scope);
  if (!sending) return done(Errc::kClosed, 0, {});
  auto& nsp = sending.core().namespaceOf(target_.scope);
  if (isDoneByOwner(nsp, target_)) return askByOwner(sending, target_, writer, std::move(done));
  const auto id = nsp.nextAckId();
  const auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  gathering->threadsLeft = sending.core().options().engine.ioThreads;
  const auto kept = std::make_shared<const OwnedArgs>(writer.copyArgs());
  onEachThread(target_, [gathering, kept, id, target = target_,
                         event = std::string(writer.event())](Shard& shard) {
    const auto own = std::make_unique<OwnedArgs>(*kept);  // another thread may use the same
    EventWriter again(event);
    again.add(own->view());
    std::size_t asked = 0;
    shard.forEach(target, [&](ServedSocket& socket) {
      ++asked;
      {
        const std::lock_guard lock(gathering->mutex);
        ++gathering->outstanding;
        ++gathering->expected;
      }
      shard.askAs(socket, id, again, target.timeout,
                  [gathering](std::error_code error, const Args* args) {
                    std::unique_lock lock(gathering->mutex);
                    --gathering->outstanding;
                    if (args != nullptr) gathering->answers.push_back(args->copy());
                    if (error == Errc::kTimeout) gathering->error = error;
                    gathering->finish(lock);
                  });
    });
    std::unique_lock lock(gathering->mutex);
    --gathering->threadsLeft;
    gathering->finish(lock);
  });
}

std::error_code BroadcastOperator::socketsJoin(std::string_view room) const {
  const Sending sending(target_.scope);
  if (!sending) return Errc::kClosed;
  auto& nsp = sending.core().namespaceOf(target_.scope);
  if (isDoneByOwner(nsp, target_)) return doByOwner(sending, target_, "socketsJoin", room, false);
  auto& rooms = nsp.rooms();
  return onEachThread(
      target_, [target = target_, held = std::make_shared<RoomHold>(rooms, room)](Shard& shard) {
        shard.forEach(target, [&](ServedSocket& socket) { shard.join(socket, held->name()); });
      });
}

std::error_code BroadcastOperator::socketsLeave(std::string_view room) const {
  if (const Sending sending(target_.scope);
      sending && isDoneByOwner(sending.core().namespaceOf(target_.scope), target_)) {
    return doByOwner(sending, target_, "socketsLeave", room, false);
  }
  return onEachThread(target_, [target = target_, name = std::string(room)](Shard& shard) {
    shard.forEach(target, [&](ServedSocket& socket) { shard.leave(socket, name); });
  });
}

std::error_code BroadcastOperator::disconnectSockets(bool close) const {
  if (const Sending sending(target_.scope);
      sending && isDoneByOwner(sending.core().namespaceOf(target_.scope), target_)) {
    return doByOwner(sending, target_, "disconnectSockets", {}, close);
  }
  return onEachThread(target_, [target = target_, close](Shard& shard) {
    shard.forEach(target, [&](ServedSocket& socket) { shard.disconnect(socket, close); });
  });
}

Pending<std::vector<RemoteSocket>> BroadcastOperator::fetchSockets() const {
  struct Gathering {
    std::mutex mutex;
    std::size_t threadsLeft = 0;
    std::vector<RemoteSocket> sockets;
  };
  Pending<std::vector<RemoteSocket>> pending;
  const Sending sending(target_.scope);
  if (!sending) {
    pending.completion()(make_error_code(Errc::kClosed));
    return pending;
  }
  if (auto& nsp = sending.core().namespaceOf(target_.scope); isDoneByOwner(nsp, target_)) {
    fetchByOwner(sending, target_,
                 [&nsp, done = pending.completion()](std::error_code error, std::size_t,
                                                     const std::vector<OwnedArgs>& answers) {
                   if (error) return done(error);
                   done(remoteSockets(nsp, answers));
                 });
    return pending;
  }
  const auto gathering = std::make_shared<Gathering>();
  gathering->threadsLeft = sending.core().options().engine.ioThreads;
  onEachThread(target_, [gathering, target = target_, done = pending.completion()](Shard& shard) {
    std::vector<RemoteSocket> found;
    shard.forEach(target, [&](ServedSocket& socket) {
      const auto rooms = static_cast<Socket&>(socket).rooms();
      found.push_back({socket.name, socket.sid, {rooms.begin(), rooms.end()}, socket.handshake});
    });
    std::unique_lock lock(gathering->mutex);
    for (auto& socket : found) gathering->sockets.push_back(std::move(socket));
    if (--gathering->threadsLeft > 0) return;
    lock.unlock();
    done(std::move(gathering->sockets));
  });
  return pending;
}

}  // namespace beastio::socketio
