// `addon.Engine`: the JavaScript object that owns an engine, its lanes and its outbox.
// Runs on: the JS thread of its environment. Lifetime: the engine's threads are joined before the
// environment goes (an asynchronous clean-up hook) or the object is collected, which it is not
// between `hold` and `letGo`.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "beastio/engine.hpp"
#include "lane.hpp"
#include "outbox.hpp"
#include "wake.hpp"

namespace beastio::addon {

class EngineObject final : public Napi::ObjectWrap<EngineObject>, private Sleeper {
 public:
  static Napi::Function define(Napi::Env env);

  /// new Engine(options, receive, hasLibuv): `receive(records, count, latin1, utf16, extras)` is
  /// called once for every batch and must not throw. Errors: throws an Error with the code
  /// `ERR_BEASTIO_IO_THREADS` if the threads cannot start.
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  /// flush(numbers, count, text, values, isLast) → whether the I/O threads have been given it
  Napi::Value flush(const Napi::CallbackInfo& info);
  /// abort(thread, request)
  void abort(const Napi::CallbackInfo& info);
  /// upgrade(request, headers, head, descriptor or -1) → thread, or -1 if it cannot be duplicated
  Napi::Value upgrade(const Napi::CallbackInfo& info);
  /// isAcceptable(method, headers) → whether `upgrade` would not refuse them
  Napi::Value isAcceptable(const Napi::CallbackInfo& info);
  /// webTransport(stream, sid or "", head) → thread
  Napi::Value webTransport(const Napi::CallbackInfo& info);
  /// streamData(thread, stream, bytes)
  void streamData(const Napi::CallbackInfo& info);
  /// streamReadEnd(thread, stream)
  void streamReadEnd(const Napi::CallbackInfo& info);
  /// streamEnd(thread, stream, error)
  void streamEnd(const Napi::CallbackInfo& info);
  /// streamDrain(thread, stream, bytes)
  void streamDrain(const Napi::CallbackInfo& info);
  /// See tls-look.hpp.
  Napi::Value lookAtTls(const Napi::CallbackInfo& info);
  /// setTls(context), an object of the second addon file
  void setTls(const Napi::CallbackInfo& info);
  void setOptions(const Napi::CallbackInfo& info);
  /// listen(options) → { address, port }, or the error's number
  Napi::Value listen(const Napi::CallbackInfo& info);
  void openPort(const Napi::CallbackInfo& info);
  /// adopt(descriptor) → whether it could be duplicated
  Napi::Value adopt(const Napi::CallbackInfo& info);
  void closePort(const Napi::CallbackInfo& info);
  /// closeConnections(idleOnly)
  void closeConnections(const Napi::CallbackInfo& info);
  Napi::Value connections(const Napi::CallbackInfo& info);
  /// addConnections(count)
  void addConnections(const Napi::CallbackInfo& info);
  /// Keeps the object, and all that it tells, from being collected, or no longer.
  void hold(const Napi::CallbackInfo& info);
  void letGo(const Napi::CallbackInfo& info);
  /// Keeps the event loop running, or does not.
  void ref(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);

  // Sleeper
  void onWake(Napi::Env env) override;
  void onTeardown() override;

  void call(Napi::Env env, Content& content);
  std::int64_t threadBytes() const;

  // Members are destroyed from the last to the first: the engine, which calls the lanes, first.
  Wake::Pointer wake_;
  bool delivering_ = false;
  bool missed_ = false;  // a wake-up came while delivering
  std::vector<std::unique_ptr<Lane>> lanes_;
  Outbox outbox_;
  std::optional<PerMessageDeflateOptions> deflate_;  // fixed at the start
  Content taken_;
  Napi::FunctionReference receive_;  // weak
  Napi::Reference<Napi::Int32Array> records_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace beastio::addon
