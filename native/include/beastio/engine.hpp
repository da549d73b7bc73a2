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

#include "beastio/address.hpp"
#include "beastio/export.hpp"
#include "beastio/host/batch.hpp"
#include "beastio/host/handler.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/host/request.hpp"
#include "beastio/message.hpp"
#include "beastio/names.hpp"
#include "beastio/options.hpp"
#include "beastio/session-id.hpp"
#include "beastio/tls.hpp"

namespace beastio {

/// Threads and what they serve. Runs on: any thread. Lifetime: joins its threads when destroyed.
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

  /// Options for sessions and requests from now on; `ioThreads` and `perMessageDeflate` stay.
  void setOptions(const EngineOptions& options);

  /// Posts the batch's commands. Waits while a thread has more than 64 MiB of them unread, or a
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

  /// Runs one turn of that thread's loop: the host calls it after EngineHandler::onDriveWanted, and
  /// while `driveDescriptor` is readable. Returns false if the loop is not the host's, or no
  /// longer: then the host does not wait for the descriptor. Runs on: one thread of the host,
  /// always the same.
  bool drive(unsigned thread);
  /// Readable while there is something to run. Lifetime: of the engine.
  int driveDescriptor(unsigned thread) const;
  /// The loops are the I/O threads', until they are offered again.
  void takeBack();

  /// Wakes the threads for which something was laid down that they have not executed yet.
  void wake();

  /// Waits until the threads have executed what was submitted before and have offered the sockets
  /// all that was gathered, for `patience` at most. For hosts that are about to end. Returns
  /// whether all threads have. Runs on: any thread but an I/O thread.
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
  /// thread but an I/O thread.
  bool askTls(unsigned thread, RequestId stream, const std::function<void(TlsSession&)>& look);

  /// Goes on reading on a thread whose onBatchEnd returned false, or that told of onClientWaits.
  void resume(unsigned thread);

  /// TLS for connections that the own port accepts from now on; none: plain HTTP.
  void setTls(const std::shared_ptr<const TlsContext>& context);

  /// Serves HTTP on its own port. Returns the address. Runs on: any thread but an I/O thread.
  /// Errors: the reason if the address cannot be bound.
  std::optional<Endpoint> listen(const ListenOptions& options, std::error_code& error);
  /// Instead of `listen`, where the host accepts: opens the port to connections by `adopt`.
  void openPort();
  /// Serves a connection that the host has accepted, and counts, as one of the own port. The
  /// descriptor is the engine's from now on.
  void adopt(int descriptor);
  /// Stops listening: when it returns, the address is free, and the port may be opened again.
  /// Connections go on; onPortIdle follows when the last one is gone, unless there was none.
  /// Runs on: any thread but an I/O thread.
  void closePort();
  /// Closes the connections of the own port that wait for a request or for the rest of one, or
  /// (unless `idleOnly`) all that speak HTTP.
  void closeConnections(bool idleOnly);
  /// How many connections the own port has accepted that are not gone, whoever serves them.
  std::int64_t connections() const;
  /// The host adds connections to that number, or takes them off.
  void addConnections(std::int64_t count);

  /// Stops listening and closes every session (`forced close`); their onClose calls follow.
  void closeAll();

  /// Ends the threads without further handler calls. Called by the destructor.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beastio
