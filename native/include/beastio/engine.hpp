// The door to the engine: I/O threads that serve Engine.IO sessions, and the ways to reach them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "beastio/address.hpp"
#include "beastio/export.hpp"
#include "beastio/host/attached.hpp"
#include "beastio/host/batch.hpp"
#include "beastio/host/handler.hpp"
#include "beastio/host/limits.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/host/request.hpp"
#include "beastio/host/stats.hpp"
#include "beastio/message.hpp"
#include "beastio/names.hpp"
#include "beastio/options.hpp"
#include "beastio/session-id.hpp"
#include "beastio/tls.hpp"
#include "beastio/web.hpp"

namespace beastio {

class EngineCore;

/// Names a timer of Engine::after or Engine::every; 0 names none.
using TimerId = std::uint64_t;

/// Threads and what they serve. Runs on: any thread, where nothing else is said. Lifetime: joins
/// its threads when destroyed, which no I/O thread of its own may do: that ends the process.
class BEASTIO_EXPORT Engine {
 public:
  /// The handler of each I/O thread, by its index.
  using HandlerOf = std::function<EngineHandler&(unsigned thread)>;

  /// Errors: throws std::invalid_argument for an impossible thread count, std::system_error if
  /// there are not enough threads, or descriptors (three for each of them), to be had.
  Engine(const EngineOptions& options, const HandlerOf& handlerOf);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// How many there are.
  unsigned ioThreads() const;
  /// What the threads have counted. Nobody is stopped for it.
  EngineStats stats() const;

  /// Options for sessions and requests from now on; `ioThreads` and `perMessageDeflate` stay.
  void setOptions(const EngineOptions& options);

  // Tasks. They run on the I/O thread that is named, between two calls of its handler. A task must
  // not block, and must not throw: an exception ends the process. An empty one is passed over.
  // Errors: std::out_of_range if the engine has no such thread. Once the engine is stopped, tasks
  // and timers are dropped.

  /// Runs `task` soon, never within this call. Order: after what the caller has posted to that
  /// thread or submitted before, and before what it posts or submits later.
  void post(unsigned thread, std::function<void()> task);
  /// Runs `task` once, `delay` from now. On that thread itself "now" is when its turn began. Less
  /// than a millisecond counts as one.
  TimerId after(unsigned thread, std::chrono::milliseconds delay, std::function<void()> task);
  /// Runs `task` every `period`, for the first time a period from now. Times that the thread has
  /// missed are left out.
  TimerId every(unsigned thread, std::chrono::milliseconds period, std::function<void()> task);
  /// Ends a timer; without effect if it is over. On the thread of the timer the task runs no more
  /// once this has returned. On another thread it may be about to run.
  void cancel(TimerId timer);

  /// Which I/O thread of this engine the caller is: the one whose handler or task is being called,
  /// also while a host drives it. None on every other thread.
  std::optional<unsigned> currentThread() const;
  /// Whether that is `thread`.
  bool isOnThread(unsigned thread) const;

  /// Posts the batch's commands. An I/O thread executes its own at the end of its turn: nobody is
  /// woken for that. Waits while a thread has more than 64 MiB of them unread, or a
  /// tenth of a second of broadcasts. So a host that produces faster than sockets take is slowed
  /// down, and does not fill the memory. A handler may call it: an I/O thread never waits.
  /// `endsTick`: see Batch::take.
  void submit(Batch& batch, bool endsTick = true);

  /// As `submit` without an end of the tick, but it does not wake threads that look soon by
  /// themselves (EngineHandler::wakeAt). On one processor they would take it from the caller.
  /// Order: before all that is submitted or asked later. The caller calls `wake` when it has
  /// nothing else to do.
  void layDown(Batch& batch);

  // Driving. An idle host may run the loop of an I/O thread itself, which then sleeps. A message
  // wakes one thread instead of two. The I/O thread decides when, and goes on as soon as the host
  // is late. What `submit` hands over is executed within the call.

  /// As `submit` without an end of the tick, for a host that has to write by itself what leaves,
  /// and is about to be busy. It asks for the loops first, and waits 4 ms for each at
  /// most. Runs on: the thread of the host that drives, outside of its turns.
  void submitDriving(Batch& batch);
  /// Runs one turn of that thread's loop: the host calls it after EngineHandler::onDriveWanted, and
  /// while `driveDescriptor` is readable. Returns false if the loop is not the host's, or no
  /// longer: then the host does not wait for the descriptor. Runs on: one thread of the host,
  /// always the same.
  bool drive(unsigned thread);
  /// Readable while there is something to run. Lifetime: of the engine.
  int driveDescriptor(unsigned thread) const;
  /// The loops are the I/O threads', until they are offered again; `forever`: they never are.
  void takeBack(bool forever = false);

  /// Wakes the threads for which something was laid down that they have not executed yet.
  void wake();

  /// Waits until the threads have executed what was submitted before and have offered the sockets
  /// all that was gathered, for `patience` at most. For hosts that are about to end. Returns
  /// whether all threads have. Runs on: any thread but an I/O thread, where it returns false.
  bool settle(std::chrono::milliseconds patience);

  /// Attached door: the client of a request went away before the answer. `thread` is the one of its
  /// session.
  void abort(unsigned thread, RequestId id);
  /// Attached door. Returns the I/O thread that serves it.
  unsigned upgrade(AttachedUpgrade upgrade);
  /// Whether the headers of an upgrade keep RFC 6455 and 7692. `upgrade` refuses others by itself:
  /// this is for hosts that call hooks before.
  static bool isAcceptable(const Request& request,
                           const std::optional<PerMessageDeflateOptions>& deflate);
  /// Attached door: cuts off the connection of an upgrade, whatever it carries, as if its client
  /// had gone. `thread` is the one that serves it. Without effect if the connection is gone.
  void cutOff(unsigned thread, RequestId id);
  /// Attached door: a bridged stream of WebTransport. Returns the I/O thread that serves it.
  unsigned webTransport(AttachedStream stream);
  /// Attached door: what a bridged stream has read, in order; as Batch::streamData, at once. For
  /// these calls a connection that was left to the host by onTlsConnection is such a stream too,
  /// seen from its other end.
  void streamData(unsigned thread, RequestId stream, std::string bytes);
  /// Attached door: a bridged stream will read no more, but takes what is written.
  void streamReadEnd(unsigned thread, RequestId stream);
  /// Attached door: a bridged stream is gone, or failed if `error` is not empty.
  void streamEnd(unsigned thread, RequestId stream, std::string error);
  /// Attached door: a bridged stream has taken `bytes` of what was written.
  void streamDrain(unsigned thread, RequestId stream, std::size_t bytes);

  /// Own port: shows `look` the TLS of a connection that was left to the host by onTlsConnection,
  /// on its I/O thread, and waits for that. Returns false if the connection is gone. Runs on: any
  /// thread but an I/O thread, where it returns false.
  bool askTls(unsigned thread, RequestId stream, const std::function<void(TlsSession&)>& look);

  /// How long the client of a session took to answer the last PING. With protocol 3 clients ping,
  /// so there is none. None before the first PONG.
  std::optional<std::chrono::microseconds> roundTrip(SessionId id) const;
  /// What waits for the client of a session, in bytes, as the limits count it. None if the session
  /// is gone. Order: after what was submitted before; it waits for that. Runs on: any thread but an
  /// I/O thread, which gets none.
  std::optional<std::size_t> queuedBytes(SessionId id);
  /// The same of a watched session (Batch::watch) at the end of its thread's last turn, less all
  /// that was sent with SendFlags::isCounted by then. A host that adds what it has sent so knows
  /// what waits, with what the thread has not seen yet.
  std::int64_t queueBalance(SessionId id) const;

  /// Goes on reading on a thread whose onBatchEnd returned false, or that told of onClientWaits.
  void resume(unsigned thread);

  /// TLS for connections that the own port accepts from now on; none: plain HTTP.
  void setTls(const std::shared_ptr<const TlsContext>& context);

  /// Own port: who answers requests for other paths than EngineOptions::path, in the order in which
  /// they are asked. It counts for requests from now on; empty: they are answered with 404.
  /// Lifetime: the engine keeps the handlers until it is destroyed or has others.
  void setWebHandlers(std::vector<std::shared_ptr<WebHandler>> handlers);
  /// Answers a request that its handler has left open (Answering::kLater). Without effect if it is
  /// answered already, or its client is gone.
  void respond(const WebRequestId& request, WebAnswer answer);

  /// Serves HTTP on its own port. Returns the address. Errors: the reason if the address cannot be
  /// bound; std::errc::resource_deadlock_would_occur on an I/O thread of this engine.
  std::optional<Endpoint> listen(const ListenOptions& options, std::error_code& error);
  /// Instead of `listen`, where the host accepts: opens the port to connections by `adopt`.
  void openPort();
  /// Serves a connection that the host has accepted, and counts, as one of the own port. The
  /// descriptor is the engine's from now on.
  void adopt(int descriptor);
  /// Stops listening: when it returns, the address is free, and the port may be opened again.
  /// Connections go on; onPortIdle follows when the last one is gone, unless there was none. On an
  /// I/O thread of this engine it does not wait.
  void closePort();
  /// Closes the connections of the own port that wait for a request or for the rest of one, or
  /// (unless `idleOnly`) all that speak HTTP.
  void closeConnections(bool idleOnly);
  /// How many connections the own port has accepted that are not gone, whoever serves them.
  std::int64_t connections() const;
  /// The host adds connections to that number, or takes them off.
  void addConnections(std::int64_t count);
  /// A connection that the host has taken is over, and counts no longer for its address. `line`: as
  /// EngineHandler::onConnection was told.
  void hangUp(std::uint32_t line);

  /// Stops listening and closes every session (`forced close`); their onClose calls follow.
  void closeAll();
  /// The same with patience: clients get what was sent to them before, and connections end with
  /// their answers. Waits until nobody is left, but no longer than `drain`; then it cuts off who is
  /// left. Returns whether all have left in time. The I/O threads go on, so the engine may listen
  /// again. On an I/O thread of this engine it does nothing and returns false: it would wait for
  /// itself.
  bool close(std::chrono::milliseconds drain);

  /// Ends the threads: no handler call follows. Called by the destructor. On an I/O thread of this
  /// engine it does not wait. The threads then end after the turns that they are in, or the next
  /// ones, and another thread's `stop` or the destructor waits for that.
  void stop();

 private:
  std::unique_ptr<EngineCore> core_;
};

}  // namespace beastio
