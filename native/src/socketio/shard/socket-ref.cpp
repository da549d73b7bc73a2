#include "beastio/socketio/socket-ref.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "beastio/socketio/arguments.hpp"
#include "beastio/socketio/broadcast-operator.hpp"
#include "socketio/guest/by-owner.hpp"
#include "socketio/server/guard.hpp"
#include "socketio/shard/sending.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

/// Calls `function` with the shard and the socket: now if this is their thread, else soon.
template <class Function>
std::error_code onThread(SocketRef ref, Function function) {
  const Sending sending(ref.scope());
  if (const auto error = sending.refusalOf(ref.session())) return error;
  const auto thread = ref.session().thread();
  const auto call = [ref, function = std::move(function)](Shard& shard) -> std::error_code {
    ServedSocket* const socket = shard.find(ref);
    if (socket == nullptr) return Errc::kGone;
    function(shard, *socket);
    return {};
  };
  Shard* const here = sending.here();
  if (here != nullptr && here->index() == thread) return call(*here);
  sending.core().post(thread, [call](Shard& shard) { call(shard); });
  return {};
}

void askOn(Shard& shard, SocketRef ref, const EventWriter& writer, AckSink sink,
           std::chrono::milliseconds timeout) {
  ServedSocket* const socket = shard.find(ref);
  if (socket == nullptr) return sink(Errc::kGone, nullptr);
  shard.ask(*socket, writer, std::move(sink), timeout);
}

}  // namespace

Sending::Sending(std::uint32_t scope) : here_(Shard::current()) {
  if (here_ != nullptr && here_->core().isScope(scope)) {
    core_ = &here_->core();
    return;
  }
  here_ = nullptr;
  held_ = ServerCore::of(scope);
  core_ = held_.get();
}

Batch* Sending::ownBatch() const { return here_ == nullptr ? nullptr : &here_->out(); }

std::error_code SocketRef::send(const EventWriter& writer, Outbox* outbox, bool isVolatile) const {
  if (const auto error = refusalOf(writer)) return error;
  Sending sending(scope_);
  if (const auto error = sending.refusalOf(session_)) return error;
  Shard* const here = sending.here();
  if (outbox == nullptr && here != nullptr && here->index() == session_.thread()) {
    ServedSocket* const socket = here->find(*this);
    return socket == nullptr ? Errc::kGone : here->send(*socket, writer, isVolatile);
  }
  const auto& nsp = sending.core().namespaceOf(scope_);
  if (nsp.isKeptByOwner() && !isVolatile) {
    return emitByOwner(sending, {.scope = scope_, .rooms = {nsp.idOf(*this)}}, writer);
  }
  auto* const recovery = nsp.recovery();
  if (recovery != nullptr && !isVolatile) recovery->keep({}, epoch_, writer);
  return sending.through(outbox, [&](Batch& batch) {
    PacketWriter packets;
    const auto& parts =
        packets.add(batch, PacketWriter::Type::kEvent, nsp.text(), std::nullopt, writer.writer());
    batch.sendIfIn(session_, epoch_, parts.data(), parts.size(), {.isVolatile = isVolatile});
  });
}

void SocketRef::ask(const EventWriter& writer, AckSink sink,
                    std::chrono::milliseconds timeout) const {
  struct Kept {
    std::string event;
    OwnedArgs args;
    AckSink sink;
  };
  const Sending sending(scope_);
  if (const auto error = sending.refusalOf(session_)) return sink(error, nullptr);
  Shard* const here = sending.here();
  if (here != nullptr && here->index() == session_.thread()) {
    return askOn(*here, *this, writer, std::move(sink), timeout);
  }
  // What is written refers to memory of the caller.
  const auto kept =
      std::make_shared<Kept>(Kept{std::string(writer.event()), writer.copyArgs(), std::move(sink)});
  sending.core().post(session_.thread(), [kept, timeout, ref = *this](Shard& shard) {
    EventWriter again(kept->event);
    again.add(kept->args.view());
    guarded(shard.core(), ref, "an acknowledgement",
            [&] { askOn(shard, ref, again, std::move(kept->sink), timeout); });
  });
}

std::error_code SocketRef::join(std::string_view room) const {
  const Sending sending(scope_);
  if (!sending) return Errc::kClosed;
  auto& rooms = sending.core().namespaceOf(scope_).rooms();
  return onThread(
      *this, [held = std::make_shared<RoomHold>(rooms, room)](Shard& shard, ServedSocket& socket) {
        shard.join(socket, held->name());
      });
}

std::error_code SocketRef::leave(std::string_view room) const {
  return onThread(*this, [name = std::string(room)](Shard& shard, ServedSocket& socket) {
    shard.leave(socket, name);
  });
}

std::error_code SocketRef::disconnect(bool close) const {
  return onThread(*this,
                  [close](Shard& shard, ServedSocket& socket) { shard.disconnect(socket, close); });
}

std::error_code SocketRef::setSlowClient(std::optional<SlowClientPolicy> policy,
                                         std::size_t maxSendQueueBytes) const {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  Sending sending(scope_);
  if (const auto error = sending.refusalOf(session_)) return error;
  const auto bytes = static_cast<std::uint32_t>(std::min(maxSendQueueBytes, kMost));
  return sending.through(nullptr,
                         [&](Batch& batch) { batch.setSlowClient(session_, policy, bytes); });
}

void SocketRef::post(std::function<void(Socket&)> task) const {
  const Sending sending(scope_);
  if (sending.refusalOf(session_)) return;
  sending.core().post(session_.thread(), [ref = *this, task = std::move(task)](Shard& shard) {
    shard.run(ref, task);
  });
}

BroadcastOperator SocketRef::broadcast() const { return BroadcastOperator(scope_).except(*this); }

BroadcastOperator SocketRef::to(std::string_view room) const { return broadcast().to(room); }

std::error_code Ack::answer(const Writer& writer) const {
  if (const auto error = refusalOf(writer)) return error;
  Sending sending(socket_.scope());
  if (const auto error = sending.refusalOf(socket_.session())) return error;
  Shard* const here = sending.here();
  if (here != nullptr && here->index() == socket_.session().thread()) {
    ServedSocket* const socket = here->find(socket_);
    if (socket == nullptr) return Errc::kGone;
    here->answer(*socket, id_, writer);
    return {};
  }
  return sending.through(nullptr, [&](Batch& batch) {
    PacketWriter packets;
    const auto& nsp = sending.core().namespaceOf(socket_.scope()).text();
    const auto& parts = packets.add(batch, PacketWriter::Type::kAck, nsp, id_, writer);
    batch.sendIfIn(socket_.session(), socket_.epoch(), parts.data(), parts.size(), {});
  });
}

Outbox::Outbox(Server& server)
    : Outbox(std::make_unique<Content>(
          Content{server.core().shared_from_this(), Batch(server.ioThreads())})) {}

Outbox::Outbox(std::unique_ptr<Content> content) : content_(std::move(content)) {}

Outbox::~Outbox() { flush(); }

std::error_code Outbox::flush() {
  auto& [core, batch] = *content_;
  if (core->isClosed()) return Errc::kClosed;
  if (!batch.empty()) {
    core->sendFirst();
    core->engine().submit(batch);
  }
  return {};
}

std::size_t Outbox::bytes() const { return content_->batch.byteCount(); }

}  // namespace beastio::socketio
