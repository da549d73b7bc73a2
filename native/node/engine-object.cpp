#include "engine-object.hpp"

#include <fcntl.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

#include "engine-class.hpp"
#include "tls-tag.hpp"
#include "values.hpp"
#include "wire/layout-checks.hpp"
#include "wire/layout.hpp"

namespace beastio::addon {
namespace {

constexpr std::size_t kInitialRecords = 16 * 1024;
constexpr std::size_t kMaxWaitingBytes = 256 * 1024;  // of commands, before a flush
// What the collector is told that a thread costs. Its memory is less, but it has descriptors too.
constexpr std::int64_t kThreadBytes = 1 << 20;

void throwNoThreads(Napi::Env env, const std::string& reason) {
  auto error = Napi::Error::New(
      env, "beast.io: the I/O threads cannot start (" + reason +
               "). Raise the limits of open files (ulimit -n) or threads (ulimit -u), or lower the "
               "option \"ioThreads\".");
  error.Set("code", Napi::String::New(env, "ERR_BEASTIO_IO_THREADS"));
  error.ThrowAsJavaScriptException();
}

// Adds the headers that the WebSocket handshake looks at to a request.
void addHeaders(const Napi::Object& headers, Request& request) {
  const auto header = [&headers](const char* name) -> std::optional<std::string> {
    const Napi::Value value = headers.Get(name);
    if (!value.IsString()) return std::nullopt;
    return value.As<Napi::String>().Utf8Value();
  };
  request.key = header("key").value_or("");
  request.version = header("version").value_or("");
  request.upgrade = header("upgrade").value_or("");
  request.protocols = header("protocols");
  request.extensions = header("extensions");
}

}  // namespace

Napi::Function engineClass(Napi::Env env) { return EngineObject::define(env); }

Napi::Function EngineObject::define(Napi::Env env) {
  return DefineClass(env, "Engine",
                     {InstanceMethod<&EngineObject::delivered>("delivered"),
                      InstanceMethod<&EngineObject::flush>("flush"),
                      InstanceMethod<&EngineObject::wake>("wake"),
                      InstanceMethod<&EngineObject::settle>("settle"),
                      InstanceMethod<&EngineObject::abort>("abort"),
                      InstanceMethod<&EngineObject::upgrade>("upgrade"),
                      InstanceMethod<&EngineObject::cutOff>("cutOff"),
                      InstanceMethod<&EngineObject::isAcceptable>("isAcceptable"),
                      InstanceMethod<&EngineObject::webTransport>("webTransport"),
                      InstanceMethod<&EngineObject::streamData>("streamData"),
                      InstanceMethod<&EngineObject::streamReadEnd>("streamReadEnd"),
                      InstanceMethod<&EngineObject::streamEnd>("streamEnd"),
                      InstanceMethod<&EngineObject::streamDrain>("streamDrain"),
                      InstanceMethod<&EngineObject::roundTrip>("roundTrip"),
                      InstanceMethod<&EngineObject::bufferedAmount>("bufferedAmount"),
                      InstanceMethod<&EngineObject::forget>("forget"),
                      InstanceMethod<&EngineObject::openHandlers>("openHandlers"),
                      InstanceMethod<&EngineObject::askTls>("askTls"),
                      InstanceMethod<&EngineObject::setTls>("setTls"),
                      InstanceMethod<&EngineObject::setOptions>("setOptions"),
                      InstanceMethod<&EngineObject::listen>("listen"),
                      InstanceMethod<&EngineObject::openPort>("openPort"),
                      InstanceMethod<&EngineObject::adopt>("adopt"),
                      InstanceMethod<&EngineObject::closePort>("closePort"),
                      InstanceMethod<&EngineObject::closeConnections>("closeConnections"),
                      InstanceMethod<&EngineObject::connections>("connections"),
                      InstanceMethod<&EngineObject::addConnections>("addConnections"),
                      InstanceMethod<&EngineObject::hangUp>("hangUp"),
                      InstanceMethod<&EngineObject::stats>("stats"),
                      InstanceMethod<&EngineObject::hold>("hold"),
                      InstanceMethod<&EngineObject::letGo>("letGo"),
                      InstanceMethod<&EngineObject::ref>("ref"),
                      InstanceMethod<&EngineObject::unref>("unref")});
}

EngineObject::EngineObject(const Napi::CallbackInfo& info)
    : ObjectWrap(info), outbox_(toOptions(info[0].As<Napi::Object>()).ioThreads) {
  const Napi::Env env = info.Env();
  const auto options = toOptions(info[0].As<Napi::Object>());
  deflate_ = options.perMessageDeflate;
  // The function leads to all that the engine serves, and that leads back to this object. The
  // collector can take both only if it sees this edge.
  info.This().As<Napi::Object>().Set("receive", info[1]);
  receive_ = Napi::Weak(info[1].As<Napi::Function>());
  info.This().As<Napi::Object>().Set("answer", info[3]);
  answer_ = Napi::Weak(info[3].As<Napi::Function>());
  records_ = Napi::Persistent(Napi::Int32Array::New(env, kInitialRecords));
  const auto turn = TurnWords::make(env);
  info.This().As<Napi::Object>().Set("turn", turn);
  turn_ = std::make_unique<TurnWords>(turn);
  wake_ = Wake::open(env, info[2].As<Napi::Boolean>().Value(), *this);
  for (unsigned i = 0; i < options.ioThreads; ++i) {
    writers_.push_back(std::make_unique<RecordWriter>(
        options.maxInboxBytes, *turn_, wake_->canWatch(),
        RecordWriter::Waker{.send = [this] { wake_->send(); },
                            .sendHere = [this] { wake_->sendHere(); }}));
  }
  drives_.resize(options.ioThreads);
  try {
    engine_ = std::make_shared<Engine>(
        options, [this](unsigned thread) -> EngineHandler& { return *writers_[thread]; });
  } catch (const std::exception& error) {
    throwNoThreads(env, error.what());
    return;
  }
  Napi::MemoryManagement::AdjustExternalMemory(env, threadBytes());
}

// Joins the threads; they never wait for JavaScript, so this takes a moment only.
EngineObject::~EngineObject() {
  EngineObject::onTeardown();
  if (engine_) Napi::MemoryManagement::AdjustExternalMemory(Env(), -threadBytes());
}

std::int64_t EngineObject::threadBytes() const {
  return static_cast<std::int64_t>(writers_.size()) * kThreadBytes;
}

void EngineObject::onTeardown() {
  if (handlers_) handlers_->close();
  if (engine_) engine_->stop();
  handlers_.reset();
  wake_.reset();
}

// In.

// A batch may be delivered in slices, or by a handler that turns the event loop itself (the
// `deasync` package does). Meanwhile its numbers and texts are still being read, so what is new
// waits. Each thread's batch has its turn, however long those of the others are.
void EngineObject::onWake(Napi::Env env) {
  for (unsigned i = 0; i < drives_.size(); ++i) drive(i);
  deliver(env);
}

void EngineObject::onHere(Napi::Env env) { deliver(env); }

void EngineObject::onReadable(Napi::Env env, unsigned thread) {
  drive(thread);
  deliver(env);
}

// Runs a turn of the thread's loop if that is this thread's to run, and waits for the next one.
void EngineObject::drive(unsigned thread) {
  const RecordWriter::Driver driver(RecordWriter::Drives::kTurn);
  const bool drives = engine_->drive(thread);
  if (drives == drives_[thread]) return;
  if (!drives) {
    wake_->unwatch(thread);
  } else if (!wake_->watch(thread, engine_->driveDescriptor(thread))) {
    return engine_->takeBack();  // nobody would hear of what comes
  }
  drives_[thread] = drives;
}

void EngineObject::deliver(Napi::Env env) {
  if (std::exchange(delivering_, true)) {
    missed_ = true;
    return;
  }
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    const auto receive = receive_.Value();
    if (receive.IsEmpty()) break;            // nobody is left to tell; this object goes as well
    if (!deliverNext(env, receive)) return;  // `delivered` follows
  }
  delivering_ = false;
  if (std::exchange(missed_, false) && wake_) wake_->send();
}

// Returns whether the next thread's batch has been delivered to its end.
bool EngineObject::deliverNext(Napi::Env env, const Napi::Function& receive) {
  current_ = (current_ + 1) % writers_.size();
  taken_.clear();
  writers_[current_]->take(taken_);
  if (!taken_.empty() && !call(env, receive, taken_)) return false;
  onDelivered();
  return true;
}

void EngineObject::onDelivered() {
  writers_[current_]->onDelivered(taken_);
  if (taken_.clientsWait) engine_->resume(static_cast<unsigned>(current_));
}

void EngineObject::delivered(const Napi::CallbackInfo&) {
  onDelivered();
  delivering_ = missed_ = false;
  if (wake_) wake_->send();  // the other threads wait for their turn
}

// Returns whether the batch has been delivered to its end. The call has no asynchronous context. So
// handlers run in none, as those of a socket that was accepted. And nothing outlives the engine
// that a tool would take for a leak.
bool EngineObject::call(Napi::Env env, const Napi::Function& receive, Content& content) {
  const Napi::HandleScope scope(env);
  const auto count = content.records.size();
  if (count > records_.Value().ElementLength()) {
    records_ = Napi::Persistent(Napi::Int32Array::New(env, count * 2));
  }
  const auto arguments = toArguments(env, records_.Value(), content);
  for (auto& descriptor : content.descriptors) descriptor.release();
  // A separate object, for it stands for the context: AsyncLocalStorage keeps its store there.
  napi_value isDelivered = nullptr;
  napi_make_callback(env, nullptr, Napi::Object::New(env), receive, arguments.size(),
                     arguments.data(), &isDelivered);
  if (env.IsExceptionPending()) {
    napi_fatal_exception(env, env.GetAndClearPendingException().Value());
    return true;
  }
  return !Napi::Value(env, isDelivered).StrictEquals(Napi::Boolean::New(env, false));
}

// Out.

// Takes commands, and submits them if they are the last for now or more than may wait, or lays them
// down. Returns whether it has done either.
Napi::Value EngineObject::flush(const Napi::CallbackInfo& info) {
  const auto numbers = info[0].As<Napi::Int32Array>();
  const auto count = toUnsigned(info[1]);
  const auto how = toUnsigned(info[4]);
  auto& batch = outbox_.decode(info.Env(), {numbers.Data(), count}, info[2],
                               info[3].As<Napi::Array>(), (how & kSubmitContinued) != 0);
  const bool submits = (how & kSubmitNow) != 0 || batch.byteCount() > kMaxWaitingBytes;
  const bool laysDown = !submits && (how & kSubmitLaid) != 0;
  if (submits || laysDown) {
    const RecordWriter::Driver driver(RecordWriter::Drives::kFlush);
    if (submits && (how & kSubmitClaim) != 0) {
      engine_->submitDriving(batch);
    } else {
      submits ? engine_->submit(batch, false) : engine_->layDown(batch);
    }
  }
  if (!std::exchange(answering_, true)) {
    for (const auto& writer : writers_) answer(info.Env(), *writer);
    answering_ = false;
  }
  return Napi::Boolean::New(info.Env(), submits || laysDown);
}

// Within the call that has emitted: no ticks run. A function of the application's may stand between
// an answer and its socket, and emit. What answers that follows in order.
void EngineObject::answer(Napi::Env env, RecordWriter& writer) {
  for (Content content; writer.takeAnswers(content); content.clear()) {
    const Napi::HandleScope scope(env);
    const auto arguments =
        toArguments(env, Napi::Int32Array::New(env, content.records.size()), content);
    answer_.Value().Call(arguments.size(), arguments.data());
  }
}

void EngineObject::wake(const Napi::CallbackInfo&) { engine_->wake(); }

void EngineObject::settle(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  engine_->settle(std::chrono::milliseconds(toUnsigned(info[0])));
  for (const auto& writer : writers_) {
    Content content;
    writer->take(content);
    if (!content.empty()) call(env, info[1].As<Napi::Function>(), content);
  }
}

void EngineObject::abort(const Napi::CallbackInfo& info) {
  engine_->abort(toUnsigned(info[0]), toUnsigned(info[1]));
}

Napi::Value EngineObject::upgrade(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto headers = info[1].As<Napi::Object>();
  AttachedUpgrade upgrade{.request = toRequest(info[0].As<Napi::Object>())};
  addHeaders(headers, upgrade.request);
  const Napi::Value lines = headers.Get("lines");
  if (lines.IsString()) upgrade.headerLines = lines.As<Napi::String>().Utf8Value();
  upgrade.head = toBytes(info[2]);
  const auto descriptor = info[3].As<Napi::Number>().Int32Value();
  if (descriptor >= 0) {
    upgrade.descriptor = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (upgrade.descriptor < 0) return Napi::Number::New(env, -1);
  }
  return Napi::Number::New(env, engine_->upgrade(std::move(upgrade)));
}

void EngineObject::cutOff(const Napi::CallbackInfo& info) {
  engine_->cutOff(toUnsigned(info[0]), toUnsigned(info[1]));
}

Napi::Value EngineObject::isAcceptable(const Napi::CallbackInfo& info) {
  Request request{.method = info[0].As<Napi::String>().Utf8Value()};
  addHeaders(info[1].As<Napi::Object>(), request);
  return Napi::Boolean::New(info.Env(), Engine::isAcceptable(request, deflate_));
}

Napi::Value EngineObject::webTransport(const Napi::CallbackInfo& info) {
  const auto thread = engine_->webTransport({.id = toUnsigned(info[0]),
                                             .sid = info[1].As<Napi::String>().Utf8Value(),
                                             .head = toBytes(info[2])});
  return Napi::Number::New(info.Env(), thread);
}

void EngineObject::streamData(const Napi::CallbackInfo& info) {
  engine_->streamData(toUnsigned(info[0]), toUnsigned(info[1]), toBytes(info[2]));
}

void EngineObject::streamReadEnd(const Napi::CallbackInfo& info) {
  engine_->streamReadEnd(toUnsigned(info[0]), toUnsigned(info[1]));
}

void EngineObject::streamEnd(const Napi::CallbackInfo& info) {
  engine_->streamEnd(toUnsigned(info[0]), toUnsigned(info[1]),
                     info[2].As<Napi::String>().Utf8Value());
}

void EngineObject::streamDrain(const Napi::CallbackInfo& info) {
  engine_->streamDrain(toUnsigned(info[0]), toUnsigned(info[1]), toUnsigned(info[2]));
}

Napi::Value EngineObject::openHandlers(const Napi::CallbackInfo& info) {
  if (!handlers_) {
    handlers_ = std::make_unique<NativeHandlers>(info, engine_, writers_);
  }
  return handlers_->functions();
}

void EngineObject::setTls(const Napi::CallbackInfo& info) {
  const auto object = info[0].As<Napi::Object>();
  void* context = nullptr;
  if (!object.CheckTypeTag(&kTlsContextTag) ||
      napi_unwrap(info.Env(), object, &context) != napi_ok) {
    return Napi::TypeError::New(info.Env(), "not a TLS context of this version of beast.io")
        .ThrowAsJavaScriptException();
  }
  engine_->setTls(*static_cast<std::shared_ptr<const TlsContext>*>(context));
}

void EngineObject::setOptions(const Napi::CallbackInfo& info) {
  engine_->setOptions(toOptions(info[0].As<Napi::Object>()));
}

Napi::Value EngineObject::listen(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::error_code error;
  const auto bound = engine_->listen(toListenOptions(info[0].As<Napi::Object>()), error);
  if (!bound) return Napi::Number::New(env, error.value());
  auto result = Napi::Object::New(env);
  result.Set("address", bound->address);
  result.Set("port", Napi::Number::New(env, bound->port));
  return result;
}

void EngineObject::openPort(const Napi::CallbackInfo&) { engine_->openPort(); }

Napi::Value EngineObject::adopt(const Napi::CallbackInfo& info) {
  const int own = ::fcntl(info[0].As<Napi::Number>().Int32Value(), F_DUPFD_CLOEXEC, 0);
  if (own >= 0) engine_->adopt(own);
  return Napi::Boolean::New(info.Env(), own >= 0);
}

void EngineObject::closePort(const Napi::CallbackInfo&) { engine_->closePort(); }

void EngineObject::closeConnections(const Napi::CallbackInfo& info) {
  engine_->closeConnections(info[0].As<Napi::Boolean>().Value());
}

Napi::Value EngineObject::connections(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(engine_->connections()));
}

void EngineObject::addConnections(const Napi::CallbackInfo& info) {
  engine_->addConnections(info[0].As<Napi::Number>().Int64Value());
}

void EngineObject::hold(const Napi::CallbackInfo&) { Ref(); }

void EngineObject::letGo(const Napi::CallbackInfo&) { Unref(); }

void EngineObject::ref(const Napi::CallbackInfo&) {
  if (wake_) wake_->ref();
}

void EngineObject::unref(const Napi::CallbackInfo&) {
  if (wake_) wake_->unref();
}

}  // namespace beastio::addon
