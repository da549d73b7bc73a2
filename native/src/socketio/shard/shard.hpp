// The Socket.IO clients of one I/O thread: their sockets, rooms and acknowledgements. It hears what
// the engine tells and answers by batches, one for each turn.
// Runs on: its I/O thread. Owner: the ServerCore.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/engine.hpp"
#include "protocol/socketio/socketio-packet.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/packets.hpp"
#include "socketio/shard/served-socket.hpp"

namespace beastio::socketio {

class NoteReader;
class Owner;

class Shard final : public EngineHandler {
 public:
  using Clock = std::chrono::steady_clock;

  /// `owner`: of the sockets, for a guest; none: they are this server's.
  Shard(ServerCore& core, unsigned index, Owner* owner = nullptr);
  ~Shard() override;

  /// That of the calling thread, if it is an I/O thread of some server.
  static Shard* current();
  void becomeCurrent();

  ServerCore& core() { return core_; }
  unsigned index() const { return index_; }
  /// What leaves at the end of the turn.
  Batch& out() { return out_; }
  /// Hands over what was sent so far.
  void flush();

  // The engine tells.
  void onOpen(const OpenedSession& session) override;
  void onMessage(SessionId id, const Message& message) override;
  void onClose(SessionId id, CloseReason reason, std::string_view description) override;
  bool onBatchEnd() override;
  bool isFull() override { return !overfull_.empty(); }
  Kept kept() const override;
  std::size_t waiting() const override { return waiting_->load(std::memory_order_relaxed); }
  void onClientWaits() override;
  void onLimit(const LimitNotice& notice) override;
  void onNote(SessionId id, std::string_view text,
              std::span<const std::string_view> attachments) override;

  // Namespaces.
  void follow(NamespaceCore& nsp, std::shared_ptr<const Routes> routes);
  LocalNamespace& localOf(NamespaceCore& nsp);
  LocalNamespace* findLocal(std::string_view name);

  // Sockets.
  ServedSocket* find(SocketRef ref);
  /// A middleware of that number has decided.
  void next(SocketRef ref, std::uint64_t middleware, const ConnectError* error);
  std::error_code join(ServedSocket& socket, std::string_view room);
  void leave(ServedSocket& socket, std::string_view room);
  void disconnect(ServedSocket& socket, bool close);
  std::error_code send(ServedSocket& socket, const EventWriter& writer, bool isVolatile);
  void ask(ServedSocket& socket, const EventWriter& writer, AckSink sink,
           std::chrono::milliseconds timeout);
  void answer(ServedSocket& socket, std::uint64_t id, const Writer& writer);

  /// Calls `function` for each connected socket that `target` means.
  void forEach(const Target& target, const std::function<void(ServedSocket&)>& function);
  /// As `ask`, by an id that others are asked by too.
  void askAs(ServedSocket& socket, std::uint64_t id, const EventWriter& writer,
             std::chrono::milliseconds timeout, AckSink sink);
  /// Calls a task of the application with the socket, if it is there.
  void run(SocketRef ref, const std::function<void(Socket&)>& task);
  /// Calls a task of the application.
  void run(const std::function<void()>& task);
  /// All sockets leave: the server is closed.
  void closeAll();
  /// A guest's: those leave that have no owner.
  void closeServed();
  /// Forgets all sockets and handlers. Order: when no call of the engine's comes any more.
  void forget();
  /// A guest's: tells the owner of the sockets something.
  void tell(const Writer& writer);
  /// A guest's: tells the owner an attribute of a socket.
  void tellAttribute(const ServedSocket& socket, std::string_view name, RawJson value);
  /// A guest's: has the owner handle an event too. `isChecked`: it has come from there.
  void passOn(const ServedSocket& socket, std::optional<std::uint64_t> id, std::string_view payload,
              std::span<const std::string_view> attachments, bool isChecked);

 private:
  struct Opening {
    Clock::time_point deadline;
    SessionId session;
  };

  Client* find(SessionId id);
  Clock::time_point now();
  void noteHandler(std::string_view event);
  /// What has this thread read on, if no queue is beyond its bound: `emptied` is not any more.
  std::function<void()> resume(const EventQueue* emptied = nullptr);
  void pauseFor(const std::shared_ptr<EventQueue>& queue);

  Client& addClient(const OpenedSession& session);

  // shard-packets.cpp
  void onText(Client& client, std::string_view text);
  void onAttachment(Client& client, std::string_view bytes);
  void dispatch(Client& client, const protocol::SocketioPacket& packet,
                std::span<const std::string_view> attachments);
  void onEvent(ServedSocket& socket, const protocol::SocketioPacket& packet,
               std::span<const std::string_view> attachments);
  void onAck(ServedSocket& socket, const protocol::SocketioPacket& packet,
             std::span<const std::string_view> attachments);
  void refusePacket(Client& client, std::string_view why);
  void endClient(Client& client);

  // shard-entry.cpp
  void connect(Client& client, std::string_view name, std::string_view auth);
  void reconnect(SessionId id, const std::string& name, std::string auth);
  static Identity newIdentity(const Client& client, const NamespaceCore& nsp);
  ServedSocket& addSocket(Client& client, LocalNamespace& local, Handshake handshake,
                          Identity identity);
  void place(ServedSocket& socket);
  void giveUp(SocketRef ref);
  void resume(ServedSocket& socket, const Recovery::Restored& restored);
  void saveAway(ServedSocket& socket);
  void refuse(Client& client, std::string_view name, const ConnectError& error);
  void runMiddlewares(ServedSocket& socket, std::uint64_t passed);
  void enter(ServedSocket& socket);
  void tellConnection(ServedSocket& socket);
  void removeAll(Client& client, DisconnectReason reason, std::string_view description);
  void sendAway(ServedSocket& socket);
  void remove(ServedSocket& socket, DisconnectReason reason, std::string_view description);
  void leaveRooms(ServedSocket& socket);
  void add(ServedSocket& socket, std::string_view room);
  void takeOut(ServedSocket& socket, std::string_view room);
  void checkOpenings();

  // guest/shard-messages.cpp
  void passOrTake(SessionId id, const Message& message);
  bool takeText(Client& client, std::string_view text);
  bool isOurs(ServedSocket& socket, const protocol::SocketioPacket& packet);
  void takeAttachment(Client& client, std::string_view bytes);
  void passAssembly(Client& client);
  void passPacket(SessionId id, std::string_view text,
                  std::span<const std::string_view> attachments);
  bool takePacket(ServedSocket& socket, std::string_view text,
                  const protocol::SocketioPacket& packet,
                  std::span<const std::string_view> attachments);
  void hold(ServedSocket& socket, std::string_view text,
            std::span<const std::string_view> attachments);
  void release(ServedSocket& socket);
  void refer(ServedSocket& socket);

  // guest/shard-asking.cpp
  bool takeConnect(Client& client, std::string_view text, const protocol::SocketioPacket& packet);
  void beginAsking(Client& client, LocalNamespace& local, std::string auth);
  ServedSocket* findAsking(SocketRef ref);
  void tellAsking(const ServedSocket& socket);
  void endAsking(std::unique_ptr<ServedSocket> socket);
  void admit(SessionId id, LocalNamespace& local, NoteReader& note);

  // guest/shard-notes.cpp
  void onNote(ServedSocket& socket, std::string_view kind, NoteReader& note,
              std::span<const std::string_view> attachments);
  void enterOwned(SessionId id, LocalNamespace& local, NoteReader& note);
  void endIfNowhere(SessionId id);
  Client& clientOf(SessionId id, int protocol);
  void deliver(ServedSocket& socket, NoteReader& note,
               std::span<const std::string_view> attachments);
  void dropIfEmpty(Client& client);
  void tellRoom(ServedSocket& socket, std::string_view room);
  void tellSuspended(const ServedSocket& socket);
  void tellEvent(const ServedSocket& socket, const protocol::SocketioPacket& packet,
                 std::span<const std::string_view> attachments);
  void tellDisconnect(const ServedSocket& socket, bool close);
  void tellEnd(const Client& client);

  // shard-acks.cpp
  void expect(ServedSocket& socket, std::uint64_t id, AckSink sink,
              std::chrono::milliseconds timeout);
  void complete(ServedSocket& socket, std::uint64_t id, std::error_code error, const Args* args);
  void checkDeadlines();
  void armDeadlines();

  ServerCore& core_;
  const unsigned index_;
  Owner* const owner_;
  Batch out_;
  PacketWriter packets_;
  std::vector<std::unique_ptr<Client>> clients_;  // by the slots of their sessions
  std::vector<std::unique_ptr<LocalNamespace>> namespaces_;
  TextMap<LocalNamespace*> byName_;
  std::deque<Opening> openings_;
  bool isOpeningTimerSet_ = false;
  Deadlines deadlines_;
  std::optional<Clock::time_point> deadlineTimer_;
  // What a handler that runs may still use, until the turn ends.
  std::vector<std::unique_ptr<ServedSocket>> gone_;
  std::vector<std::unique_ptr<Client>> goneClients_;
  std::string scratch_;
  // Events that wait for other threads.
  std::size_t keptBytes_ = 0;  // in this turn
  const std::shared_ptr<std::atomic<std::size_t>> waiting_ =
      std::make_shared<std::atomic<std::size_t>>();  // of all turns; the events may outlive it
  std::vector<std::shared_ptr<EventQueue>> used_;    // in this turn
  std::uint64_t batches_ = 0;
  std::vector<std::shared_ptr<EventQueue>> overfull_;  // beyond their bounds: until they are empty
  bool isDelivering_ = false;  // an event that has passed the owner's checks
  // When the first handler of this turn was called, and the last event.
  std::optional<Clock::time_point> handlersSince_;
  std::string lastEvent_;
};

}  // namespace beastio::socketio
