#include "engine-object.hpp"

#include <fcntl.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

#include "tls-look.hpp"
#include "tls-tag.hpp"
#include "values.hpp"

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

// What of an upgrade's headers the WebSocket handshake looks at.
AttachedUpgrade toUpgrade(const Napi::Object& headers) {
  const auto header = [&headers](const char* name) -> std::optional<std::string> {
    const Napi::Value value = headers.Get(name);
    if (!value.IsString()) return std::nullopt;
    return value.As<Napi::String>().Utf8Value();
  };
  AttachedUpgrade upgrade;
  upgrade.key = header("key").value_or("");
  upgrade.version = header("version").value_or("");
  upgrade.upgrade = header("upgrade").value_or("");
  upgrade.protocols = header("protocols");
  upgrade.extensions = header("extensions");
  upgrade.headerLines = header("lines").value_or("");
  return upgrade;
}

}  // namespace

Napi::Function EngineObject::define(Napi::Env env) {
  return DefineClass(env, "Engine",
                     {InstanceMethod<&EngineObject::flush>("flush"),
                      InstanceMethod<&EngineObject::abort>("abort"),
                      InstanceMethod<&EngineObject::upgrade>("upgrade"),
                      InstanceMethod<&EngineObject::isAcceptable>("isAcceptable"),
                      InstanceMethod<&EngineObject::webTransport>("webTransport"),
                      InstanceMethod<&EngineObject::streamData>("streamData"),
                      InstanceMethod<&EngineObject::streamReadEnd>("streamReadEnd"),
                      InstanceMethod<&EngineObject::streamEnd>("streamEnd"),
                      InstanceMethod<&EngineObject::streamDrain>("streamDrain"),
                      InstanceMethod<&EngineObject::lookAtTls>("lookAtTls"),
                      InstanceMethod<&EngineObject::setTls>("setTls"),
                      InstanceMethod<&EngineObject::setOptions>("setOptions"),
                      InstanceMethod<&EngineObject::listen>("listen"),
                      InstanceMethod<&EngineObject::openPort>("openPort"),
                      InstanceMethod<&EngineObject::adopt>("adopt"),
                      InstanceMethod<&EngineObject::closePort>("closePort"),
                      InstanceMethod<&EngineObject::closeConnections>("closeConnections"),
                      InstanceMethod<&EngineObject::connections>("connections"),
                      InstanceMethod<&EngineObject::addConnections>("addConnections"),
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
  // The function leads to all that the engine serves, and that back to this object: only an edge
  // that the collector sees lets it take both.
  info.This().As<Napi::Object>().Set("receive", info[1]);
  receive_ = Napi::Weak(info[1].As<Napi::Function>());
  records_ = Napi::Persistent(Napi::Int32Array::New(env, kInitialRecords));
  wake_ = Wake::open(env, info[2].As<Napi::Boolean>().Value(), *this);
  for (unsigned i = 0; i < options.ioThreads; ++i) {
    lanes_.push_back(std::make_unique<Lane>(options.maxInboxBytes, [this] { wake_->send(); }));
  }
  try {
    engine_ = std::make_unique<Engine>(
        options, [this](unsigned thread) -> EngineHandler& { return *lanes_[thread]; });
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
  return static_cast<std::int64_t>(lanes_.size()) * kThreadBytes;
}

void EngineObject::onTeardown() {
  if (engine_) engine_->stop();
  wake_.reset();
}

// In.

// A handler that turns the event loop itself (the `deasync` package does) gets here a second time,
// in the middle of a batch whose numbers and texts are still being read: what is new waits.
void EngineObject::onWake(Napi::Env env) {
  if (std::exchange(delivering_, true)) {
    missed_ = true;
    return;
  }
  for (unsigned i = 0; i < lanes_.size(); ++i) {
    taken_.clear();
    if (receive_.Value().IsEmpty()) break;  // nobody is left to tell; this object goes as well
    const bool paused = lanes_[i]->take(taken_);
    if (!taken_.empty()) call(env, taken_);
    if (paused) engine_->resume(i);
  }
  delivering_ = false;
  if (std::exchange(missed_, false) && wake_) wake_->send();
}

void EngineObject::call(Napi::Env env, Content& content) {
  const Napi::HandleScope scope(env);
  const auto count = content.records.size();
  if (count > records_.Value().ElementLength()) {
    records_ = Napi::Persistent(Napi::Int32Array::New(env, count * 2));
  }
  auto records = records_.Value();
  std::copy(content.records.begin(), content.records.end(), records.Data());

  napi_value latin1 = nullptr;
  napi_create_string_latin1(env, content.latin1.data(), content.latin1.size(), &latin1);
  napi_value arguments[] = {records, Napi::Number::New(env, static_cast<double>(count)), latin1,
                            env.Undefined(), env.Undefined()};
  if (!content.utf16.empty()) arguments[3] = Napi::String::New(env, content.utf16);
  if (!content.extras.empty()) {
    auto extras = Napi::Array::New(env, content.extras.size());
    for (std::uint32_t i = 0; i < content.extras.size(); ++i) {
      extras.Set(i, toValue(env, content.extras[i]));
    }
    arguments[4] = extras;
  }
  for (auto& descriptor : content.descriptors) descriptor.release();
  receive_.Call(env.Undefined(), std::size(arguments), arguments);
  if (env.IsExceptionPending()) {
    napi_fatal_exception(env, env.GetAndClearPendingException().Value());
  }
}

// Out.

// Takes commands, and submits them if they are the last for now or more than may wait. Returns
// whether they were submitted.
Napi::Value EngineObject::flush(const Napi::CallbackInfo& info) {
  const auto numbers = info[0].As<Napi::Int32Array>();
  const auto count = toUnsigned(info[1]);
  auto& batch =
      outbox_.decode(info.Env(), {numbers.Data(), count}, info[2], info[3].As<Napi::Array>());
  const bool submits = info[4].As<Napi::Boolean>().Value() || batch.byteCount() > kMaxWaitingBytes;
  if (submits) engine_->submit(batch);
  return Napi::Boolean::New(info.Env(), submits);
}

void EngineObject::abort(const Napi::CallbackInfo& info) {
  engine_->abort(toUnsigned(info[0]), toUnsigned(info[1]));
}

Napi::Value EngineObject::upgrade(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto upgrade = toUpgrade(info[1].As<Napi::Object>());
  upgrade.request = toRequest(info[0].As<Napi::Object>());
  upgrade.head = toBytes(info[2]);
  const auto descriptor = info[3].As<Napi::Number>().Int32Value();
  if (descriptor >= 0) {
    upgrade.descriptor = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (upgrade.descriptor < 0) return Napi::Number::New(env, -1);
  }
  return Napi::Number::New(env, engine_->upgrade(std::move(upgrade)));
}

Napi::Value EngineObject::isAcceptable(const Napi::CallbackInfo& info) {
  auto upgrade = toUpgrade(info[1].As<Napi::Object>());
  upgrade.request.method = info[0].As<Napi::String>().Utf8Value();
  return Napi::Boolean::New(info.Env(), Engine::isAcceptable(upgrade, deflate_));
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

Napi::Value EngineObject::lookAtTls(const Napi::CallbackInfo& info) {
  return addon::lookAtTls(info, *engine_);
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
