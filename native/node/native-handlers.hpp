// Handlers in C++ beside those in JavaScript, for one engine. Runs on: the JS thread. Lifetime:
// destroyed when the engine is stopped.
#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "beastio/engine.hpp"
#include "beastio/host/guest.hpp"
#include "wire/record-writer.hpp"

namespace beastio::addon {

class NativeHandlers {
 public:
  /// `info`: the engine's object has been asked for handlers. The arguments are functions, but the
  /// second:
  /// - called before something is sent on this thread: what JavaScript has sent before goes first
  /// - how many milliseconds an acknowledgement may take
  /// - called with the name of each namespace that an addon asks for
  /// - called with that of one that an addon wants to serve alone: returns whether it may
  NativeHandlers(const Napi::CallbackInfo& info, const std::shared_ptr<Engine>& engine,
                 const std::vector<std::unique_ptr<RecordWriter>>& writers);
  NativeHandlers(const NativeHandlers&) = delete;
  NativeHandlers& operator=(const NativeHandlers&) = delete;
  ~NativeHandlers();

  /// Always the same object. Lifetime: it keeps the engine's object.
  /// - native: `io.native`, which addons take: see beastio/abi.h
  /// - namespaceNumber(name): throws an Error if there are too many
  /// - handles(name, event): whether a handler takes it
  /// - guards(name): whether C++ is to be asked who may enter
  /// - setWay(name, way): see Guest::Way
  /// - closeServed(): see Guest
  /// - answer(question, json, attachments), finish(question, isTimedOut, expected): see Guest
  /// - add(name, event, handlers) → what `remove` takes, or a beastio_status; `event` empty:
  ///   connections and ends. Throws a TypeError if `handlers` are none.
  /// - remove(what `add` has returned)
  Napi::Value functions() const { return functions_.Value(); }
  /// Nothing is sent any more, and no handler is called.
  void close();

 private:
  Napi::Value add(const Napi::CallbackInfo& info);
  Napi::Value namespaceNumber(Napi::Env env, const std::string& name);

  socketio::Guest guest_;
  Napi::FunctionReference flush_;  // weak, as the next ones
  Napi::FunctionReference openNamespace_;
  Napi::FunctionReference serve_;
  Napi::ObjectReference functions_;
  const beastio_native* native_ = nullptr;  // of the object `io.native`
};

}  // namespace beastio::addon
