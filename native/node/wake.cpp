#include "wake.hpp"

#include <uv.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

// Bun's and Deno's executables may lack them; an addon that needs them would not load there.
#pragma weak uv_async_init
#pragma weak uv_async_send
#pragma weak uv_check_init
#pragma weak uv_check_start
#pragma weak uv_check_stop
#pragma weak uv_close
#pragma weak uv_idle_init
#pragma weak uv_idle_start
#pragma weak uv_idle_stop
#pragma weak uv_poll_init
#pragma weak uv_poll_start
#pragma weak uv_poll_stop
#pragma weak uv_ref
#pragma weak uv_unref

namespace beastio::addon {
namespace {

constexpr const char* kResourceName = "beastio inbox";

/// Lives until libuv has closed its handles, and keeps the environment from going before that.
class LoopWake final : public Wake {
 public:
  LoopWake(Napi::Env env, uv_loop_t* loop, Sleeper& sleeper) : env_(env), sleeper_(&sleeper) {
    uv_async_init(loop, &async_, &LoopWake::onAsync);
    uv_check_init(loop, &check_);
    uv_idle_init(loop, &idle_);
    for (auto* const handle : handles()) handle->data = this;
    unref();
    // Added after the hooks of the environment, hence run before them.
    napi_add_async_cleanup_hook(env, &LoopWake::onCleanup, this, &cleanupHook_);
  }

  void send() override { uv_async_send(&async_); }
  void sendHere() override {
    uv_check_start(&check_, &LoopWake::onCheck);
    uv_idle_start(&idle_, [](uv_idle_t*) {});  // the loop does not wait before it checks
  }

  bool canWatch() const override { return uv_poll_init != nullptr; }
  bool watch(unsigned index, int descriptor) override {
    if (watchers_.size() <= index) watchers_.resize(index + 1);
    auto& watcher = watchers_[index];
    if (!watcher) {
      auto made = std::make_unique<Watcher>();
      if (uv_poll_init(async_.loop, &made->handle, descriptor) != 0) return false;
      made->wake = this;
      made->index = index;
      made->handle.data = made.get();
      uv_unref(reinterpret_cast<uv_handle_t*>(&made->handle));
      watcher = std::move(made);
    }
    return uv_poll_start(&watcher->handle, UV_READABLE, &LoopWake::onReadable) == 0;
  }
  void unwatch(unsigned index) override {
    if (index < watchers_.size() && watchers_[index]) uv_poll_stop(&watchers_[index]->handle);
  }
  void ref() override {
    for (auto* const handle : handles()) uv_ref(handle);
  }
  void unref() override {
    for (auto* const handle : handles()) uv_unref(handle);
  }

 private:
  std::array<uv_handle_t*, 3> handles() {
    return {reinterpret_cast<uv_handle_t*>(&async_), reinterpret_cast<uv_handle_t*>(&check_),
            reinterpret_cast<uv_handle_t*>(&idle_)};
  }

  /// Lives until libuv has closed its handle.
  struct Watcher {
    uv_poll_t handle{};
    LoopWake* wake = nullptr;
    unsigned index = 0;
  };

  static void onReadable(uv_poll_t* handle, int, int) {
    const auto& watcher = *static_cast<Watcher*>(handle->data);
    const auto& self = *watcher.wake;
    const Napi::HandleScope handles(self.env_);
    self.sleeper_->onReadable(self.env_, watcher.index);
  }

  static void onCheck(uv_check_t* handle) {
    auto& self = *static_cast<LoopWake*>(handle->data);
    uv_check_stop(&self.check_);
    uv_idle_stop(&self.idle_);
    const Napi::HandleScope handles(self.env_);
    self.sleeper_->onHere(self.env_);
  }

  static void onAsync(uv_async_t* handle) {
    const auto& self = *static_cast<LoopWake*>(handle->data);
    const Napi::HandleScope handles(self.env_);
    self.sleeper_->onWake(self.env_);
  }

  static void onCleanup(napi_async_cleanup_hook_handle, void* wake) {
    auto& self = *static_cast<LoopWake*>(wake);
    if (self.sleeper_ != nullptr) self.sleeper_->onTeardown();
  }

  void close() override {
    sleeper_ = nullptr;
    for (auto& watcher : watchers_) {
      if (!watcher) continue;
      auto* handle = reinterpret_cast<uv_handle_t*>(&watcher.release()->handle);
      uv_close(handle, [](uv_handle_t* closed) {
        const std::unique_ptr<Watcher> self(static_cast<Watcher*>(closed->data));
      });
    }
    open_ = handles().size();
    for (auto* const handle : handles()) uv_close(handle, &LoopWake::onClosed);
  }

  static void onClosed(uv_handle_t* handle) {
    auto* const wake = static_cast<LoopWake*>(handle->data);
    if (--wake->open_ > 0) return;
    const std::unique_ptr<LoopWake> self(wake);
    napi_remove_async_cleanup_hook(self->cleanupHook_);
  }

  Napi::Env env_;
  Sleeper* sleeper_;
  std::vector<std::unique_ptr<Watcher>> watchers_;
  uv_async_t async_{};
  uv_check_t check_{};
  uv_idle_t idle_{};
  std::size_t open_ = 0;  // handles that libuv has not closed yet
  napi_async_cleanup_hook_handle cleanupHook_ = nullptr;
};

class FunctionWake final : public Wake {
 public:
  FunctionWake(Napi::Env env, Sleeper& sleeper) : env_(env), sleeper_(&sleeper) {
    napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, kResourceName), 0,
                                    1, nullptr, nullptr, this, &FunctionWake::onCall, &function_);
    unref();
    // Added after the function, hence run before the function's hook: no thread calls a function
    // that is gone.
    napi_add_async_cleanup_hook(env, &FunctionWake::onCleanup, this, &cleanupHook_);
  }

  void send() override {
    if (sent_.exchange(true)) return;
    napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
  }
  void sendHere() override { send(); }
  void ref() override { napi_ref_threadsafe_function(env_, function_); }
  void unref() override { napi_unref_threadsafe_function(env_, function_); }

 private:
  static void onCall(napi_env env, napi_value, void* context, void*) {
    if (env == nullptr) return;
    auto& self = *static_cast<FunctionWake*>(context);
    self.sent_.store(false);
    self.sleeper_->onWake(env);
  }

  static void onCleanup(napi_async_cleanup_hook_handle, void* wake) {
    static_cast<FunctionWake*>(wake)->sleeper_->onTeardown();
  }

  void close() override {
    napi_release_threadsafe_function(function_, napi_tsfn_abort);
    napi_remove_async_cleanup_hook(cleanupHook_);
    delete this;
  }

  Napi::Env env_;
  Sleeper* sleeper_;
  napi_threadsafe_function function_ = nullptr;
  napi_async_cleanup_hook_handle cleanupHook_ = nullptr;
  std::atomic<bool> sent_ = false;
};

}  // namespace

Wake::Pointer Wake::open(Napi::Env env, bool hasLibuv, Sleeper& sleeper) {
  uv_loop_t* loop = nullptr;
  if (hasLibuv && uv_async_init != nullptr && napi_get_uv_event_loop(env, &loop) == napi_ok) {
    return Pointer(new LoopWake(env, loop, sleeper));
  }
  return Pointer(new FunctionWake(env, sleeper));
}

}  // namespace beastio::addon
