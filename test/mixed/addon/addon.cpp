// The addon of the tests: handlers of every kind, for the server that JavaScript has made.
#include <atomic>
#include <beastio/native.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

// Behind beast.io's headers: these stand alone.
#include <napi.h>

#include "model.hpp"
#include "served.hpp"

namespace {

using beastio::socketio::Ack;
using beastio::socketio::Answers;
using beastio::socketio::Args;
using beastio::socketio::Binary;
using beastio::socketio::InPool;
using beastio::socketio::Namespace;
using beastio::socketio::Outbox;
using beastio::socketio::RemoteSocket;
using beastio::socketio::Result;
using beastio::socketio::Socket;
using beastio::socketio::SocketRef;
using beastio::socketio::Then;

void addHandlers(Namespace& nsp) {
  nsp.on("echo", [](Socket& socket, const Args& args) { socket.emit("echoed", args); });
  nsp.on("sum", [](double a, double b, const Ack& ack) { ack(a + b); });
  nsp.on("bytes", [](Socket& socket, Binary bytes, const Ack& ack) {
    socket.emit("bytes back", bytes);
    ack(bytes.bytes.size(), bytes);
  });
  nsp.on("pass", [](Socket& socket, const Args& args) {
    socket.emit("seen in C++", args);
    return Then::kPassOn;
  });
  nsp.on("join", [](Socket& socket, const std::string& room, const Ack& ack) {
    socket.join(room);
    ack(true);
  });
  nsp.on("leave", [](Socket& socket, const std::string& room, const Ack& ack) {
    socket.leave(room);
    ack(true);
  });
  nsp.on("rooms", [](Socket& socket, const Ack& ack) {
    std::vector<std::string> rooms;
    for (const auto room : socket.rooms()) rooms.emplace_back(room);
    ack(rooms);
  });
  nsp.on("say", [](Socket& socket, const std::string& room, const std::string& text) {
    socket.to(room).emit("said", socket.id(), text);
  });
  nsp.on("shout", [&nsp](const std::string& text) { nsp.emit("shouted", text); });
  nsp.on("count", [](Socket& socket, const Ack& ack) { ack(++socket.data<int>()); });
  nsp.on("id", [](Socket& socket, const Ack& ack) { ack(std::string(socket.id())); });
  nsp.on("auth", [](Socket& socket, const Ack& ack) {
    ack(*beastio::socketio::RawJson::of(socket.handshake().auth()));
  });
  nsp.on("go", [](Socket& socket, bool close) { socket.disconnect(close); });
  nsp.on("ask me", [](Socket& socket, const std::string& question) {
    socket.emitWithAck<std::string>("question", question)
        .then([ref = socket.ref()](Result<std::string> answer) {
          ref.emit("answered", answer ? *answer : answer.error().message());
        });
  });
  nsp.on("ask me soon", [](Socket& socket) {
    socket.timeout(std::chrono::milliseconds{50})
        .emitWithAck<std::string>("question", "quick")
        .then([ref = socket.ref()](Result<std::string> answer) {
          ref.emit("answered", answer ? *answer : answer.error().message());
        });
  });
  nsp.on("ask all", [&nsp](Socket& socket, const std::string& question) {
    nsp.all()
        .timeout(std::chrono::milliseconds{500})
        .emitWithAck<std::string>("question", question)
        .then([ref = socket.ref()](Result<Answers<std::string>> answers) {
          if (!answers) return void(ref.emit("answered", answers.error().message()));
          const auto& [values, expected, error] = *answers;
          ref.emit("answered", values, expected, error ? error.message() : "");
        });
  });
  nsp.on("who", [&nsp](const std::string& room, const Ack& ack) {
    auto to = room.empty() ? nsp.all() : nsp.to(room);
    to.fetchSockets().then([ack](Result<std::vector<RemoteSocket>> sockets) {
      if (!sockets) return void(ack(sockets.error().message()));
      std::map<std::string, std::vector<std::string>> rooms;
      for (const auto& each : *sockets) rooms[each.id] = each.rooms;
      ack(rooms);
    });
  });
  // About a namespace that may be gone in JavaScript.
  nsp.on("who else", [](const std::string& name, const Ack& ack) {
    served->namespaces.at(name)->all().fetchSockets().then(
        [ack](Result<std::vector<RemoteSocket>> sockets) {
          ack(sockets ? std::to_string(sockets->size()) : sockets.error().message());
        });
  });
  nsp.on("ask others", [](const std::string& name, const Ack& ack) {
    served->namespaces.at(name)
        ->all()
        .emitWithAck<int>("question")
        .then([ack](Result<Answers<int>> answers) {
          if (!answers) return void(ack(answers.error().message()));
          const auto& [values, expected, error] = *answers;
          ack(values, expected, error ? error.message() : "");
        });
  });
  nsp.on("fail", [](const std::string& text) { fail(text); });
  nsp.on("hold up", [](int ms) { std::this_thread::sleep_for(std::chrono::milliseconds{ms}); });
  nsp.on("attribute", [](Socket& socket, const std::string& name, const Ack& ack) {
    ack(beastio::native::attribute(socket, name));
  });
  nsp.on("set attribute",
         [](Socket& socket, const std::string& name, const std::string& value, const Ack& ack) {
           beastio::native::setAttribute(socket, name, value);
           ack(true);
         });
  nsp.on(
      "pooled",
      [](SocketRef socket, int number, const Ack& ack) {
        socket.emit("pooled", number);
        ack(number);
      },
      InPool{});
  nsp.on(
      "inboxed",
      [](SocketRef socket, const std::string& text, const Ack& ack) {
        socket.emit("inboxed", text);
        ack(text);
        return Then::kPassOn;
      },
      served->inbox);
  nsp.onConnection([](Socket& socket) {
    ++served->connections;
    const std::lock_guard lock(served->mutex);
    served->sockets[std::string(socket.id())] = socket.ref();
  });
  nsp.onDisconnect(
      [](Socket& socket, beastio::socketio::DisconnectReason reason, std::string_view) {
        const std::lock_guard lock(served->mutex);
        served->ends.push_back(std::string(socket.id()) + ' ' + std::string(toString(reason)));
      });
}

/// serveAlone(native, namespace): returns the error's text.
Napi::Value serveAlone(const Napi::CallbackInfo& info) {
  const auto host = Host::from(info.Env(), info[0]);
  if (!host) return info.Env().Undefined();
  if (!served) served = std::make_shared<Served>(*host);
  const auto name = info[1].As<Napi::String>().Utf8Value();
#if defined(__cpp_exceptions)
  try {
    host->serve(name);
  } catch (const std::system_error& error) {
    return Napi::String::New(info.Env(), error.code().message());
  }
#endif
  auto& nsp = host->serve(name);
  if (const auto error = beastio::native::lastError(nsp)) {
    return Napi::String::New(info.Env(), error.message());
  }
  guard(nsp, *host);
  addHandlers(nsp);
  return Napi::String::New(info.Env(), "");
}

/// Calls what may set handlers in a namespace, and returns the error's text.
template <class Set>
Napi::Value textOfError(Napi::Env env, const Namespace& nsp, Set set) {
#if defined(__cpp_exceptions)
  try {
    set();
  } catch (const std::system_error&) {
  }
#else
  set();
#endif
  const auto error = beastio::native::lastError(nsp);
  return Napi::String::New(env, error ? error.message() : "");
}

/// guard(namespace): says who may enter one of those that were opened.
Napi::Value guardOpen(const Napi::CallbackInfo& info) {
  guard(served->host.of(info[0].As<Napi::String>().Utf8Value()), served->host);
  return info.Env().Undefined();
}

/// welcome(isWelcoming, isHolding): whoever wants to enter may, or waits for `decide`.
Napi::Value welcome(const Napi::CallbackInfo& info) {
  served->isWelcoming = info[0].ToBoolean();
  served->isHolding = info[1].ToBoolean();
  return info.Env().Undefined();
}

/// decide(message): those who wait may enter, unless there is a message; returns how many.
Napi::Value decide(const Napi::CallbackInfo& info) {
  const auto message = info[0].As<Napi::String>().Utf8Value();
  std::vector<Next> held;
  {
    const std::lock_guard lock(served->mutex);
    held.swap(served->held);
  }
  for (const auto& next : held) message.empty() ? next() : next({.message = message});
  return Napi::Number::New(info.Env(), static_cast<double>(held.size()));
}

/// serve(native, events): some of the model's, in "/".
Napi::Value serve(const Napi::CallbackInfo& info) {
  const auto host = Host::from(info.Env(), info[0]);
  if (!host) return info.Env().Undefined();
  served = std::make_shared<Served>(*host);
  const auto events = info[1].As<Napi::Array>();
  for (std::uint32_t i = 0; i < events.Length(); ++i) {
    const auto event = events.Get(i).As<Napi::String>().Utf8Value();
    kModelHandlers.at(event)(host->of("/"), event);
  }
  return info.Env().Undefined();
}

/// open(native, namespaces): serves all of them.
Napi::Value open(const Napi::CallbackInfo& info) {
  const auto host = Host::from(info.Env(), info[0]);
  if (!host) return info.Env().Undefined();
  served = std::make_shared<Served>(*host);
  const auto names = info[1].As<Napi::Array>();
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    const auto name = names.Get(i).As<Napi::String>().Utf8Value();
    auto& nsp = host->of(name);
    served->namespaces[name] = &nsp;
    addHandlers(nsp);
  }
  served->drainer = std::thread([kept = served.get()] {
    while (!kept->isOver) {
      if (kept->inbox.waitFor(std::chrono::milliseconds{20})) kept->inbox.drain();
    }
  });
  return Napi::Number::New(info.Env(), host->ioThreads());
}

/// close(): no handler is called any more.
Napi::Value close(const Napi::CallbackInfo& info) {
  if (served) {
    served->host.removeHandlers();
    served->stop();
    served.reset();
  }
  return info.Env().Undefined();
}

/// emitFrom(id, event, text): on a thread of its own; returns when it has been sent.
Napi::Value emitFrom(const Napi::CallbackInfo& info) {
  const auto id = info[0].As<Napi::String>().Utf8Value();
  const auto event = info[1].As<Napi::String>().Utf8Value();
  const auto text = info[2].As<Napi::String>().Utf8Value();
  std::error_code error;
  std::thread([&] {
    const std::lock_guard lock(served->mutex);
    error = served->sockets[id].emit(event, text);
  }).join();
  return Napi::String::New(info.Env(), error ? error.message() : "");
}

/// emitHere(id, event, text): on this thread.
Napi::Value emitHere(const Napi::CallbackInfo& info) {
  const auto id = info[0].As<Napi::String>().Utf8Value();
  const std::lock_guard lock(served->mutex);
  const auto error = served->sockets[id].emit(info[1].As<Napi::String>().Utf8Value(),
                                              info[2].As<Napi::String>().Utf8Value());
  return Napi::String::New(info.Env(), error ? error.message() : "");
}

/// broadcastFrom(namespace, room or "", event, text, isLocal): on a thread of its own.
Napi::Value broadcastFrom(const Napi::CallbackInfo& info) {
  auto& nsp = served->host.of(info[0].As<Napi::String>().Utf8Value());
  const auto room = info[1].As<Napi::String>().Utf8Value();
  auto to = room.empty() ? nsp.all() : nsp.to(room);
  if (info[4].ToBoolean()) to = to.local();
  const auto event = info[2].As<Napi::String>().Utf8Value();
  const auto text = info[3].As<Napi::String>().Utf8Value();
  std::error_code error;
  std::thread([&] { error = to.emit(event, text); }).join();
  return Napi::String::New(info.Env(), error ? error.message() : "");
}

/// ends() → what onDisconnect was told.
Napi::Value ends(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(served->mutex);
  auto result = Napi::Array::New(info.Env(), served->ends.size());
  for (std::uint32_t i = 0; i < served->ends.size(); ++i) result.Set(i, served->ends[i]);
  return result;
}

/// waitFor(namespace): how many sockets there are, for who waits for it; or the error's text.
Napi::Value waitFor(const Napi::CallbackInfo& info) {
  auto& nsp = served->host.of(info[0].As<Napi::String>().Utf8Value());
  const auto sockets = nsp.all().fetchSockets().get();
  if (!sockets) return Napi::String::New(info.Env(), sockets.error().message());
  return Napi::Number::New(info.Env(), static_cast<double>(sockets->size()));
}

Napi::Value connections(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), served->connections.load());
}

/// doubler() → handlers for `nsp.native.on`.
Napi::Value doubler(const Napi::CallbackInfo& info) {
  return {info.Env(),
          beastio::native::handlers(info.Env(), [](double x, const Ack& ack) { ack(2 * x); })};
}

/// on(namespace, event): sets a handler; returns the error's text.
Napi::Value on(const Napi::CallbackInfo& info) {
  auto& nsp = served->host.of(info[0].As<Napi::String>().Utf8Value());
  const auto event = info[1].As<Napi::String>().Utf8Value();
  return textOfError(info.Env(), nsp,
                     [&] { nsp.on(event, [](const Ack& ack) { ack("second"); }); });
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("open", Napi::Function::New<&open>(env));
  exports.Set("serve", Napi::Function::New<&serve>(env));
  exports.Set("serveAlone", Napi::Function::New<&serveAlone>(env));
  exports.Set("guard", Napi::Function::New<&guardOpen>(env));
  exports.Set("welcome", Napi::Function::New<&welcome>(env));
  exports.Set("decide", Napi::Function::New<&decide>(env));
  exports.Set("close", Napi::Function::New<&close>(env));
  exports.Set("emitFrom", Napi::Function::New<&emitFrom>(env));
  exports.Set("emitHere", Napi::Function::New<&emitHere>(env));
  exports.Set("broadcastFrom", Napi::Function::New<&broadcastFrom>(env));
  exports.Set("ends", Napi::Function::New<&ends>(env));
  exports.Set("waitFor", Napi::Function::New<&waitFor>(env));
  exports.Set("connections", Napi::Function::New<&connections>(env));
  exports.Set("doubler", Napi::Function::New<&doubler>(env));
  exports.Set("on", Napi::Function::New<&on>(env));
  return exports;
}

NODE_API_MODULE(addon, initialise)

}  // namespace
