// `addon.Engine`: the JavaScript object that owns an engine, its record writers and its command
// reader. Runs on: the JS thread of its environment. Lifetime: the engine's threads are joined
// before the environment goes (an asynchronous clean-up hook) or the object is collected. The
// object is not collected between `hold` and `letGo`.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "beastio/engine.hpp"
#include "native-handlers.hpp"
#include "wake.hpp"
#include "wire/command-reader.hpp"
#include "wire/record-writer.hpp"

namespace beastio::addon {

class EngineObject final : public Napi::ObjectWrap<EngineObject>, private Sleeper {
 public:
  static Napi::Function define(Napi::Env env);

  /// new Engine(options, receive, hasLibuv, answer): `receive(records, count, latin1, utf16,
  /// extras)` is called once for every batch and must not throw. It returns false if it has not
  /// delivered the batch to its end: `delivered` is called then, and no other batch comes before.
  /// `answer` is called within `flush`, with what Node's sockets are to write at once. Errors:
  /// throws an Error with the code `ERR_BEASTIO_IO_THREADS` if the threads cannot start.
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  /// delivered(): the batch for which `receive` has returned false
  void delivered(const Napi::CallbackInfo& info);
  /// flush(numbers, count, text, values, how) → whether the I/O threads have been given it
  Napi::Value flush(const Napi::CallbackInfo& info);
  /// wake(): has what was laid down executed now.
  void wake(const Napi::CallbackInfo& info);
  /// settle(milliseconds, receive): waits until the I/O threads have offered the sockets all that
  /// was flushed, then calls `receive` with what they tell. For the end of the process.
  void settle(const Napi::CallbackInfo& info);
  /// abort(thread, request)
  void abort(const Napi::CallbackInfo& info);
  /// upgrade(request, headers, head, descriptor or -1) → thread, or -1 if it cannot be duplicated
  Napi::Value upgrade(const Napi::CallbackInfo& info);
  /// cutOff(thread, request)
  void cutOff(const Napi::CallbackInfo& info);
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
  /// roundTrip(place, generation) → microseconds, or -1 if it is not known
  Napi::Value roundTrip(const Napi::CallbackInfo& info);
  /// bufferedAmount(place, generation, asks) → bytes that wait for the client of a watched session,
  /// with what was flushed. `asks`: waits for the I/O thread. For the first look.
  Napi::Value bufferedAmount(const Napi::CallbackInfo& info);
  /// forget(place, generation): a watched session is closed.
  void forget(const Napi::CallbackInfo& info);
  /// openHandlers(flush, ackTimeout, openNamespace, serve) → see NativeHandlers::functions
  Napi::Value openHandlers(const Napi::CallbackInfo& info);
  /// See tls-questions.hpp.
  Napi::Value askTls(const Napi::CallbackInfo& info);
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
  /// stats() → one object for each I/O thread
  Napi::Value stats(const Napi::CallbackInfo& info);
  /// addConnections(count)
  void addConnections(const Napi::CallbackInfo& info);
  /// hangUp(line)
  void hangUp(const Napi::CallbackInfo& info);
  /// Keeps the object, and all that it tells, from being collected, or no longer.
  void hold(const Napi::CallbackInfo& info);
  void letGo(const Napi::CallbackInfo& info);
  /// Keeps the event loop running, or does not.
  void ref(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);

  // Sleeper
  void onWake(Napi::Env env) override;
  void onHere(Napi::Env env) override;
  void onReadable(Napi::Env env, unsigned thread) override;
  void onTeardown() override;

  void drive(unsigned thread);
  void deliver(Napi::Env env);
  bool deliverNext(Napi::Env env, const Napi::Function& receive);
  void onDelivered();
  bool call(Napi::Env env, const Napi::Function& receive, Content& content);
  void answer(Napi::Env env, RecordWriter& writer);
  std::int64_t threadBytes() const;

  // Members are destroyed from the last to the first: the engine, which calls the record writers,
  // first.
  Wake::Pointer wake_;
  bool delivering_ = false;
  std::vector<bool> drives_;  // whether the loop of each thread is this thread's to run
  bool missed_ = false;       // a wake-up came while delivering
  bool answering_ = false;
  std::size_t current_ = 0;  // whose batch is delivered, or was last
  std::unique_ptr<TurnWords> turn_;
  std::vector<std::unique_ptr<RecordWriter>> writers_;
  CommandReader outbox_;
  std::optional<PerMessageDeflateOptions> deflate_;  // fixed at the start
  Content taken_;
  Napi::FunctionReference receive_;  // weak, as the next
  Napi::FunctionReference answer_;
  Napi::Reference<Napi::Int32Array> records_;
  std::unique_ptr<NativeHandlers> handlers_;  // none before the first `openHandlers`
  std::shared_ptr<Engine> engine_;
};

}  // namespace beastio::addon
