// How the I/O threads wake the JavaScript thread: by a handle of libuv's, or by a thread-safe
// function where there is no libuv (Bun, Deno). The handle is cheaper: a thread-safe function
// writes to the loop's descriptor while it holds a lock. A JavaScript thread that shares the core
// runs at once, waits for that lock and gives the core back. That costs more than the message. Runs
// on: the JS thread, but for `send`. Bound: one call of each kind for all sends since the last.
#pragma once

#include <napi.h>

#include <memory>

namespace beastio::addon {

/// What is woken.
class Sleeper {
 public:
  /// Somebody has called `send`.
  virtual void onWake(Napi::Env env) = 0;
  /// This thread has called `sendHere`.
  virtual void onHere(Napi::Env env) = 0;
  /// A descriptor that is watched has become readable.
  virtual void onReadable(Napi::Env env, unsigned index) = 0;
  /// The environment is going: nobody may `send` any more, and the Wake must be closed.
  virtual void onTeardown() = 0;

 protected:
  ~Sleeper() = default;
};

class Wake {
 public:
  struct Closer {
    /// Order: after the last `send`. The sleeper is not called again.
    void operator()(Wake* wake) const { wake->close(); }
  };
  using Pointer = std::unique_ptr<Wake, Closer>;

  /// It does not keep the event loop running until `ref`.
  static Pointer open(Napi::Env env, bool hasLibuv, Sleeper& sleeper);

  /// Any thread: has the sleeper called soon.
  virtual void send() = 0;
  /// Has the sleeper called before the event loop waits again. It costs no system call.
  virtual void sendHere() = 0;
  /// Whether it can watch descriptors: where the event loop is libuv's.
  virtual bool canWatch() const { return false; }
  /// Has the sleeper called while a descriptor is readable; it keeps no event loop running. `index`
  /// stands for it, always for the same one.
  /// Returns false if the event loop cannot watch it.
  virtual bool watch(unsigned /*index*/, int /*descriptor*/) { return false; }
  virtual void unwatch(unsigned /*index*/) {}
  virtual void ref() = 0;
  virtual void unref() = 0;

 protected:
  virtual ~Wake() = default;

 private:
  /// Deletes itself, if need be later.
  virtual void close() = 0;
};

}  // namespace beastio::addon
