// The game's loop: 60 times a second the world moves on, and everybody in the arena gets what has
// changed. JavaScript hears of scores only.
#include <atomic>
#include <beastio/native.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "world.hpp"

using namespace beastio::socketio;
using beastio::native::Host;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kStepsPerSecond = 60;
constexpr std::chrono::nanoseconds kStep{1'000'000'000 / kStepsPerSecond};
/// Whoever was slow for a while has missed changes, so all is told once a second.
constexpr unsigned kStepsBetweenAll = kStepsPerSecond;

class Game {
 public:
  explicit Game(const Host& host) : host_(host), arena_(host.of("/")) {
    arena_.on("move", [this](SocketRef socket, float x, float y) {
      soon([this, socket, x, y] { head(socket, x, y); });
    });
    arena_.on("ping", [](const Ack& ack) { ack(); });
    arena_.onConnection([this](Socket& socket) {
      socket.join("arena");
      soon([this, ref = socket.ref(), id = std::string(socket.id())] { enter(ref, id); });
    });
    arena_.onDisconnect([this](Socket& socket, DisconnectReason, std::string_view) {
      soon([this, ref = socket.ref()] { leave(ref); });
    });
    thread_ = std::thread([this] { run(); });
  }
  ~Game() {
    host_.removeHandlers();  // first: they use what follows
    isOver_ = true;
    thread_.join();
  }
  Game(const Game&) = delete;
  Game& operator=(const Game&) = delete;

  /// By how much steps have come too late, in microseconds, of late.
  std::uint32_t lateness() const { return lateness_; }

 private:
  struct Member {
    std::uint16_t slot = 0;
    std::string id;
  };

  // Handlers run on the I/O threads, the world on its own.
  void soon(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }

  void enter(SocketRef socket, const std::string& id) {
    const auto slot = world_.enter();
    arena_.to("arena").emit("entered", slot, id);
    for (const auto& [other, member] : members_) socket.emit("entered", member.slot, member.id);
    members_.emplace(socket, Member{slot, id});
    if (owners_.size() <= slot) owners_.resize(slot + std::size_t{1});
    owners_[slot] = socket;
    isAllDue_ = true;
  }
  void leave(SocketRef socket) {
    const auto found = members_.find(socket);
    if (found == members_.end()) return;
    world_.leave(found->second.slot);
    members_.erase(found);
  }
  void head(SocketRef socket, float x, float y) {
    const auto found = members_.find(socket);
    if (found != members_.end()) world_.head(found->second.slot, x, y);
  }
  /// JavaScript reads it for the score board.
  void score(std::uint16_t slot, std::uint32_t score) {
    owners_[slot].post(
        [score](Socket& socket) { beastio::native::setAttribute(socket, "score", score); });
  }

  void run() {
    Outbox out(host_);
    unsigned steps = 0;
    for (auto next = Clock::now(); !isOver_; next += kStep) {
      std::this_thread::sleep_until(next);
      const auto late = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - next);
      lateness_ = static_cast<std::uint32_t>(late.count());
      std::vector<std::function<void()>> tasks;
      {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
      }
      for (const auto& task : tasks) task();
      world_.step(1.F / kStepsPerSecond,
                  [this](std::uint16_t slot, std::uint32_t points) { score(slot, points); });
      const bool all = std::exchange(isAllDue_, false) || ++steps % kStepsBetweenAll == 0;
      const auto bytes = world_.changes(all);
      arena_.to("arena").volatile_().emitThrough(out, "changes", Binary{bytes});
      out.flush();
    }
  }

  const Host host_;
  Namespace& arena_;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;  // guarded
  std::atomic<std::uint32_t> lateness_ = 0;
  std::atomic<bool> isOver_ = false;
  // The loop's.
  game::World world_{1};
  std::unordered_map<SocketRef, Member> members_;
  std::vector<SocketRef> owners_;  // by slot
  bool isAllDue_ = false;
  std::thread thread_;
};

std::unique_ptr<Game> running;

/// start(io.native)
napi_value start(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value native = nullptr;
  napi_get_cb_info(env, info, &count, &native, nullptr, nullptr);
  const auto host = Host::from(env, native);
  if (!host) return nullptr;  // it has thrown
  running.reset();
  running = std::make_unique<Game>(*host);
  return nullptr;
}

/// lateness(): of the last step, in microseconds
napi_value lateness(napi_env env, napi_callback_info) {
  napi_value number = nullptr;
  napi_create_uint32(env, running ? running->lateness() : 0, &number);
  return number;
}

/// stop()
napi_value stop(napi_env, napi_callback_info) {
  running.reset();
  return nullptr;
}

void onEnd(void*) { running.reset(); }

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"start", nullptr, start, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"lateness", nullptr, lateness, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"stop", nullptr, stop, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, std::size(functions), functions);
  napi_add_env_cleanup_hook(env, onEnd, nullptr);
  return exports;
}
