// What addons send: to one socket, to many, with questions and rooms.
#include <memory>
#include <stdexcept>
#include <utility>

#include "socketio/abi/event-for-addon.hpp"
#include "socketio/abi/host.hpp"
#include "socketio/abi/raw.hpp"
#include "socketio/abi/table.hpp"
#include "socketio/shard/sending.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

Outbox* outboxOf(beastio_batch* batch) { return batch == nullptr ? nullptr : &batch->outbox; }

BroadcastOperator operatorFor(const beastio_audience* audience, std::uint32_t flags = 0) {
  return RawCalls::operatorFor(*audience, flags);
}

/// A call of an addon's function that comes once, whatever happens: at last when it is forgotten.
template <class Function>
class Once {
 public:
  explicit Once(Function onForgotten) : onForgotten_(std::move(onForgotten)) {}
  ~Once() {
    if (!isDone_) onForgotten_();
  }
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  /// It is about to be called.
  void done() { isDone_ = true; }

 private:
  Function onForgotten_;
  bool isDone_ = false;
};

// Whoever has called a function of an addon reports it.
void throwFailure(const EventForAddon& given) {
  if (!given.failure().empty()) throw std::runtime_error(given.failure());
}

// One socket.

beastio_status emit(beastio_batch* batch, beastio_socket socket, const beastio_packet* packet) {
  const RawEvent event(*packet);
  if (const auto error = event.error()) return statusOf(error);
  const bool isVolatile = (packet->flags & BEASTIO_VOLATILE) != 0;
  return statusOf(RawCalls::send(refOf(socket), event.writer(), outboxOf(batch), isVolatile));
}

void ask(beastio_socket socket, const beastio_packet* packet, uint32_t timeout_ms,
         beastio_answered answered, void* user) {
  const RawEvent event(*packet);
  if (const auto error = event.error()) return answered(user, statusOf(error), nullptr);
  const auto ref = refOf(socket);
  auto forgotten = [answered, user] { answered(user, BEASTIO_CLOSED, nullptr); };
  const auto once = std::make_shared<Once<decltype(forgotten)>>(std::move(forgotten));
  RawCalls::ask(ref, event.writer(), std::chrono::milliseconds(timeout_ms),
                [once, answered, user, ref](std::error_code error, const Args* args) {
                  once->done();
                  if (args == nullptr) return answered(user, statusOf(error), nullptr);
                  EventForAddon answer(ref, nullptr, {}, *args, {});
                  answered(user, BEASTIO_OK, &answer.event());
                  throwFailure(answer);
                });
}

beastio_status answer(beastio_socket socket, int64_t ack_id, const beastio_packet* packet) {
  if (ack_id < 0) return BEASTIO_BAD_ARGUMENTS;
  Writer writer;
  if (const auto error = fill(writer, *packet)) return statusOf(error);
  return statusOf(RawCalls::answer(Ack(refOf(socket), static_cast<std::uint64_t>(ack_id)), writer));
}

void post(beastio_socket socket, beastio_socket_task task, void* user) {
  auto forgotten = [task, user] { task(user, nullptr); };
  const auto once = std::make_shared<Once<decltype(forgotten)>>(std::move(forgotten));
  refOf(socket).post([once, task, user](Socket& there) {
    once->done();
    EventForAddon given(there.ref(), reinterpret_cast<beastio_local*>(&there), {}, {});
    task(user, &given.event());
    throwFailure(given);
  });
}

// Many.

beastio_status broadcast(beastio_batch* batch, const beastio_audience* audience,
                         const beastio_packet* packet) {
  const RawEvent event(*packet);
  if (const auto error = event.error()) return statusOf(error);
  return statusOf(
      RawCalls::send(operatorFor(audience, packet->flags), event.writer(), outboxOf(batch)));
}

void askAll(const beastio_audience* audience, const beastio_packet* packet,
            beastio_all_answered answered, void* user) {
  const RawEvent event(*packet);
  if (const auto error = event.error()) return answered(user, statusOf(error), 0, nullptr, 0);
  auto forgotten = [answered, user] { answered(user, BEASTIO_CLOSED, 0, nullptr, 0); };
  const auto once = std::make_shared<Once<decltype(forgotten)>>(std::move(forgotten));
  RawCalls::ask(operatorFor(audience, packet->flags), event.writer(),
                [once, answered, user](std::error_code error, std::size_t expected,
                                       const std::vector<OwnedArgs>& answers) {
                  once->done();
                  std::vector<std::unique_ptr<EventForAddon>> kept;
                  std::vector<beastio_event> events;
                  for (const auto& args : answers) {
                    kept.push_back(std::make_unique<EventForAddon>(
                        SocketRef(), nullptr, std::string_view(), args.view(), Ack()));
                    events.push_back(kept.back()->event());
                  }
                  answered(user, statusOf(error), expected, events.data(), events.size());
                });
}

void fetchSockets(const beastio_audience* audience, beastio_found found, void* user) {
  auto forgotten = [found, user] { found(user, nullptr); };
  const auto once = std::make_shared<Once<decltype(forgotten)>>(std::move(forgotten));
  operatorFor(audience).fetchSockets().then(
      [once, found, user](Result<std::vector<RemoteSocket>> sockets) {
        once->done();
        if (sockets) {
          for (const auto& socket : *sockets) {
            std::vector<beastio_bytes> rooms;
            for (const auto& room : socket.rooms) rooms.push_back(raw(room));
            const beastio_remote remote{.size = sizeof(beastio_remote),
                                        .room_count = static_cast<std::uint32_t>(rooms.size()),
                                        .socket = raw(socket.ref),
                                        .id = raw(socket.id),
                                        .rooms = rooms.data()};
            found(user, &remote);
          }
        }
        found(user, nullptr);
      });
}

}  // namespace

void addSends(beastio_api& api) {
  api.batch_free = [](beastio_batch* batch) { const std::unique_ptr<beastio_batch> last(batch); };
  api.batch_flush = [](beastio_batch* batch) { return statusOf(batch->outbox.flush()); };
  api.batch_bytes = [](const beastio_batch* batch) { return batch->outbox.bytes(); };
  api.emit = emit;
  api.ask = ask;
  api.answer = answer;
  api.join = [](beastio_socket socket, beastio_bytes room) {
    return statusOf(refOf(socket).join(view(room)));
  };
  api.leave = [](beastio_socket socket, beastio_bytes room) {
    return statusOf(refOf(socket).leave(view(room)));
  };
  api.disconnect = [](beastio_socket socket, int close) {
    return statusOf(refOf(socket).disconnect(close != 0));
  };
  api.post = post;
  api.broadcast = broadcast;
  api.ask_all = askAll;
  api.sockets_join = [](const beastio_audience* audience, beastio_bytes room) {
    return statusOf(operatorFor(audience).socketsJoin(view(room)));
  };
  api.sockets_leave = [](const beastio_audience* audience, beastio_bytes room) {
    return statusOf(operatorFor(audience).socketsLeave(view(room)));
  };
  api.disconnect_sockets = [](const beastio_audience* audience, int close) {
    return statusOf(operatorFor(audience).disconnectSockets(close != 0));
  };
  api.fetch_sockets = fetchSockets;
}

}  // namespace beastio::socketio
