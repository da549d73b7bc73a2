// What all I/O threads share of a server: its engine, its shards, its namespaces. Runs on: any
// thread. Lifetime: calls of other threads hold it, so that it may outlive its Server for a moment.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "beastio/engine.hpp"
#include "beastio/socketio/options.hpp"
#include "beastio/socketio/server.hpp"
#include "socketio/guest/owner-questions.hpp"
#include "socketio/server/namespace-core.hpp"
#include "socketio/server/namespace-table.hpp"
#include "socketio/server/room-names.hpp"

namespace beastio::socketio {

class EventQueue;
class Owner;
class Pool;
class Shard;

/// A listener of the application, which any thread may replace and call.
template <class Report>
class Listening {
 public:
  using Listener = std::function<void(const Report&)>;

  void set(Listener listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::make_shared<const Listener>(std::move(listener));
  }
  void tell(const Report& report) const {
    std::unique_lock lock(mutex_);
    const auto listener = listener_;
    lock.unlock();
    if (listener && *listener) (*listener)(report);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Listener> listener_;
};

class ServerCore final : public std::enable_shared_from_this<ServerCore> {
 public:
  using Matches = std::function<bool(std::string_view, const Handshake&)>;
  using SetUp = std::function<void(Namespace&)>;

  static std::shared_ptr<ServerCore> make(const ServerOptions& options, Server& server);
  /// Handlers for the sockets of another server, on its engine.
  static std::shared_ptr<ServerCore> makeGuest(
      std::shared_ptr<Engine> engine, ServerOptions options,
      const std::function<Owner&(unsigned thread)>& ownerOf);
  /// The server of a scope, if it still is there.
  static std::shared_ptr<ServerCore> of(std::uint32_t scope);
  ~ServerCore();
  ServerCore(const ServerCore&) = delete;
  ServerCore& operator=(const ServerCore&) = delete;

  const ServerOptions& options() const { return options_; }
  /// Order: of a server that is no guest.
  Server& server() const { return *server_; }
  bool isGuest() const { return server_ == nullptr; }
  bool isScope(std::uint32_t scope) const { return scope >> 16U == number_; }
  Engine& engine() { return *engine_; }
  RoomNumbers& numbers() { return numbers_; }
  Shard& shard(unsigned thread) { return *shards_[thread]; }
  /// That of a number, or the first if there is none.
  NamespaceCore& namespaceAt(std::uint16_t number) const { return namespaces_.at(number); }
  /// Those of the threads with `task`, each on its thread.
  void postToAll(const std::function<void(Shard&)>& task);
  /// Runs `task` on a thread; what it sends leaves before what is posted behind it.
  void post(unsigned thread, std::function<void(Shard&)> task);
  /// Runs a task of the application once.
  TimerId after(unsigned thread, std::chrono::milliseconds time, std::function<void()> task);
  /// Runs a task of the application again and again.
  TimerId every(unsigned thread, std::chrono::milliseconds period, std::function<void()> task);

  /// Of a guest.
  OwnerQuestions& questions() { return questions_; }

  NamespaceCore& makeNamespace(std::string_view name);
  NamespaceCore* findNamespace(std::string_view name) const;
  NamespaceCore& namespaceOf(std::uint32_t scope) const;
  /// Makes a namespace that a client asks for, if somebody serves such. Returns none otherwise.
  NamespaceCore* makeMatching(std::string_view name, const Handshake& handshake);
  void match(Matches matches, SetUp setUp);

  /// The queue of the pool, which starts with its first use.
  std::shared_ptr<EventQueue> poolQueue();

  void onError(std::function<void(const ErrorReport&)> listener);
  void report(const ErrorReport& report) const;
  void onLimit(std::function<void(const LimitNotice&)> listener);
  void tellLimit(const LimitNotice& notice) const;

  /// Whether the caller is the thread that has made this object.
  bool isOwnThread() const { return std::this_thread::get_id() == ownThread_; }
  /// See Guest::onNamespace.
  void onNamespace(std::function<void(std::string_view)> listener);
  /// The namespace of a name, which an addon has asked for. Order: on the own thread.
  NamespaceCore& namespaceForAddon(std::string_view name);
  /// See Guest::onServe.
  void onServe(std::function<bool(std::string_view)> listener);
  /// The same, and its clients are let in here from now on. Returns none if the owner has it.
  /// Order: on the own thread.
  NamespaceCore* serveForAddon(std::string_view name);
  /// Handlers here are to say who may enter some namespace, alone or before the owner.
  void beAsked() { isAsked_ = true; }
  /// Whether there is such a namespace. Then the shards know all clients.
  bool isAsked() const { return isAsked_.load(std::memory_order_relaxed); }
  /// See Guest::beforeSending.
  void beforeSending(std::function<void()> flush);
  /// What the owner of the sockets has not handed over yet goes first.
  void sendFirst() const {
    if (isOwnThread() && flushOwner_) flushOwner_();
  }

  bool isClosed() const { return isClosed_; }
  /// See Guest::close.
  void closeGuest();
  /// Lets go of all handlers and sockets. Order: behind `stop`, when the engine is stopped too.
  void forget();
  /// See Server::close.
  bool close(std::chrono::milliseconds drain);
  /// Ends the threads. Order: behind `close`.
  void stop();
  /// Waits until `close` was called, or `isOver` says so.
  void waitForClose(const std::function<bool()>& isOver);

 private:
  struct Matcher {
    Matches matches;
    SetUp setUp;
  };

  ServerCore(const ServerOptions& options, Server* server, std::uint16_t number);
  void start();
  void begin();
  std::function<void()> asTask(unsigned thread, std::function<void()> task);

  const ServerOptions options_;
  Server* const server_;
  const std::uint16_t number_;
  // Of a guest.
  const std::thread::id ownThread_ = std::this_thread::get_id();
  std::function<void()> flushOwner_;
  std::function<void(std::string_view)> namespaceListener_;
  std::function<bool(std::string_view)> serveListener_;
  std::atomic<bool> isAsked_ = false;
  OwnerQuestions questions_;
  RoomNumbers numbers_;
  std::atomic<bool> isClosed_ = false;
  Listening<ErrorReport> errors_;
  Listening<LimitNotice> limits_;
  mutable std::mutex mutex_;
  // Guarded.
  NamespaceTable namespaces_;
  TextMap<NamespaceCore*> byName_;
  std::vector<Matcher> matchers_;
  std::size_t matched_ = 0;
  std::unique_ptr<Pool> pool_;
  std::condition_variable closed_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::shared_ptr<Engine> engine_;  // the last: its threads call the shards
};

}  // namespace beastio::socketio
