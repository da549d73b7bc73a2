#include "socketio/server/server-core.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "socketio/server/guard.hpp"
#include "socketio/server/pool.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

/// All servers of the process, by their numbers. 0 is nobody's.
class Servers {
 public:
  std::uint16_t number() {
    const std::lock_guard lock(mutex_);
    do {
      ++last_;
    } while (last_ == 0 || servers_.contains(last_));
    servers_.emplace(last_, std::weak_ptr<ServerCore>());
    return last_;
  }
  void set(std::uint16_t number, const std::shared_ptr<ServerCore>& core) {
    const std::lock_guard lock(mutex_);
    servers_[number] = core;
  }
  void remove(std::uint16_t number) {
    const std::lock_guard lock(mutex_);
    servers_.erase(number);
  }
  std::shared_ptr<ServerCore> find(std::uint16_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = servers_.find(number);
    return found == servers_.end() ? nullptr : found->second.lock();
  }

 private:
  std::mutex mutex_;
  std::uint16_t last_ = 0;
  std::unordered_map<std::uint16_t, std::weak_ptr<ServerCore>> servers_;
};

Servers& servers() {
  static Servers all;
  return all;
}

EngineOptions engineOptionsOf(const ServerOptions& options) {
  auto result = options.engine;
  result.path = options.path;
  result.initialPacket.clear();
  result.parseSocketioHeader = false;
  return result;
}

}  // namespace

std::shared_ptr<ServerCore> ServerCore::make(const ServerOptions& options, Server& server) {
  const auto number = servers().number();
  std::shared_ptr<ServerCore> core(new ServerCore(options, &server, number));
  servers().set(number, core);
  core->start();
  return core;
}

std::shared_ptr<ServerCore> ServerCore::makeGuest(
    std::shared_ptr<Engine> engine, ServerOptions options,
    const std::function<Owner&(unsigned thread)>& ownerOf) {
  options.engine.ioThreads = engine->ioThreads();
  options.connectionStateRecovery.reset();
  const auto number = servers().number();
  std::shared_ptr<ServerCore> core(new ServerCore(options, nullptr, number));
  servers().set(number, core);
  for (unsigned i = 0; i < engine->ioThreads(); ++i) {
    core->shards_.push_back(std::make_unique<Shard>(*core, i, &ownerOf(i)));
  }
  core->engine_ = std::move(engine);
  core->begin();
  return core;
}

std::shared_ptr<ServerCore> ServerCore::of(std::uint32_t scope) {
  return servers().find(static_cast<std::uint16_t>(scope >> 16U));
}

ServerCore::ServerCore(const ServerOptions& options, Server* server, std::uint16_t number)
    : options_(options), server_(server), number_(number) {}

void ServerCore::start() {
  for (unsigned i = 0; i < options_.engine.ioThreads; ++i) {
    shards_.push_back(std::make_unique<Shard>(*this, i));
  }
  engine_ = std::make_shared<Engine>(
      engineOptionsOf(options_),
      [this](unsigned thread) -> EngineHandler& { return *shards_[thread]; });
  begin();
}

void ServerCore::begin() {
  for (unsigned i = 0; i < options_.engine.ioThreads; ++i) {
    engine_->post(i, [this, i] { shards_[i]->becomeCurrent(); });
  }
  makeNamespace("/");
}

ServerCore::~ServerCore() {
  servers().remove(number_);
  stop();
}

void ServerCore::stop() {
  if (engine_ && !isGuest()) engine_->stop();
  if (pool_) pool_->stop();
}

// What this thread has sent in its turn goes before the task.
void ServerCore::post(unsigned thread, std::function<void(Shard&)> task) {
  sendFirst();
  if (Shard* const here = Shard::current(); here != nullptr && &here->core() == this) here->flush();
  engine_->post(thread, [shard = shards_.at(thread).get(), task = std::move(task)] {
    task(*shard);
    shard->flush();
  });
}

void ServerCore::postToAll(const std::function<void(Shard&)>& task) {
  for (unsigned i = 0; i < options_.engine.ioThreads; ++i) post(i, task);
}

TimerId ServerCore::after(unsigned thread, std::chrono::milliseconds time,
                          std::function<void()> task) {
  return engine_->after(thread, time, asTask(thread, std::move(task)));
}

TimerId ServerCore::every(unsigned thread, std::chrono::milliseconds period,
                          std::function<void()> task) {
  return engine_->every(thread, period, asTask(thread, std::move(task)));
}

// What it throws is reported, and what it sends leaves with it.
std::function<void()> ServerCore::asTask(unsigned thread, std::function<void()> task) {
  return [shard = shards_.at(thread).get(), task = std::move(task)] {
    shard->run(task);
    shard->flush();
  };
}

// Namespaces.

NamespaceCore& ServerCore::makeNamespace(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = byName_.find(name); found != byName_.end()) return *found->second;
  const auto index = static_cast<std::uint32_t>(namespaces_.size());
  if (index >= NamespaceTable::kMost) throw std::length_error("too many namespaces");
  auto made = std::make_unique<NamespaceCore>(*this, std::string(name),
                                              std::uint32_t{number_} << 16U | index);
  auto& nsp = *made;
  namespaces_.add(std::move(made));
  byName_.emplace(name, &nsp);
  return nsp;
}

NamespaceCore* ServerCore::findNamespace(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = byName_.find(name);
  return found == byName_.end() ? nullptr : found->second;
}

NamespaceCore& ServerCore::namespaceOf(std::uint32_t scope) const {
  return namespaces_.at(scope & 0xFFFFU);
}

NamespaceCore* ServerCore::makeMatching(std::string_view name, const Handshake& handshake) {
  std::vector<Matcher> matchers;
  {
    const std::lock_guard lock(mutex_);
    matchers = matchers_;
  }
  for (const auto& matcher : matchers) {
    bool isTheirs = false;
    guarded(*this, {}, "connection", [&] { isTheirs = matcher.matches(name, handshake); });
    if (!isTheirs) continue;
    {
      const std::lock_guard lock(mutex_);
      if (matched_ >= options_.maxNamespaces) return nullptr;
      ++matched_;
    }
    auto& nsp = makeNamespace(name);
    nsp.setUpOnce([&] { guarded(*this, {}, "connection", [&] { matcher.setUp(nsp); }); });
    return &nsp;
  }
  return nullptr;
}

void ServerCore::match(Matches matches, SetUp setUp) {
  const std::lock_guard lock(mutex_);
  matchers_.push_back({std::move(matches), std::move(setUp)});
}

std::shared_ptr<EventQueue> ServerCore::poolQueue() {
  const std::lock_guard lock(mutex_);
  if (!pool_) {
    const auto wanted = options_.poolThreads;
    const auto threads = wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
    pool_ = std::make_unique<Pool>(threads, options_.maxPoolBytes);
  }
  return pool_->queue();
}

// What the application is told.

void ServerCore::onError(std::function<void(const ErrorReport&)> listener) {
  errors_.set(std::move(listener));
}

void ServerCore::report(const ErrorReport& report) const { errors_.tell(report); }

void ServerCore::onLimit(std::function<void(const LimitNotice&)> listener) {
  limits_.set(std::move(listener));
}

void ServerCore::tellLimit(const LimitNotice& notice) const {
  guarded(*this, {}, "limit", [&] { limits_.tell(notice); });
}

// The end.

bool ServerCore::close(std::chrono::milliseconds drain) {
  {
    const std::lock_guard lock(mutex_);
    if (isClosed_.exchange(true)) return true;
  }
  closed_.notify_all();
  postToAll([](Shard& shard) { shard.closeAll(); });
  if (isServerThread()) {
    engine_->closeAll();
    return false;
  }
  return engine_->close(drain);
}

// The owner's sockets go on.
void ServerCore::closeGuest() {
  if (isClosed_.exchange(true)) return;
  postToAll([](Shard& shard) { shard.closeAll(); });
  post(0, [](Shard& shard) { shard.run([&shard] { shard.core().questions().close(); }); });
}

void ServerCore::forget() {
  for (const auto& shard : shards_) shard->forget();
  const std::lock_guard lock(mutex_);
  for (const auto& [name, nsp] : byName_) nsp->forget();
}

void ServerCore::onNamespace(std::function<void(std::string_view)> listener) {
  namespaceListener_ = std::move(listener);
}

NamespaceCore& ServerCore::namespaceForAddon(std::string_view name) {
  auto& nsp = makeNamespace(name);
  if (namespaceListener_ && !nsp.isServed()) namespaceListener_(name);
  return nsp;
}

void ServerCore::onServe(std::function<bool(std::string_view)> listener) {
  serveListener_ = std::move(listener);
}

NamespaceCore* ServerCore::serveForAddon(std::string_view name) {
  NamespaceCore* const known = findNamespace(name);
  if (known != nullptr && known->isServed()) return known;
  if (!serveListener_ || !serveListener_(name)) return nullptr;
  auto& nsp = makeNamespace(name);
  nsp.serve();
  beAsked();
  return &nsp;
}

void ServerCore::beforeSending(std::function<void()> flush) { flushOwner_ = std::move(flush); }

void ServerCore::waitForClose(const std::function<bool()>& isOver) {
  constexpr std::chrono::milliseconds kLook{100};
  std::unique_lock lock(mutex_);
  while (!closed_.wait_for(lock, kLook, [&] { return isClosed_ || isOver(); }))
    ;
}

}  // namespace beastio::socketio
