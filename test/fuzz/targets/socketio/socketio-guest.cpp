// Handlers in C++ beside an owner of the sockets, under the packets of one client and the owner's
// notes. Handlers get JSON that is checked and attachments that are there. What they do not take
// comes to the owner as it was sent. Nothing is left of a client.
//
// Each line of an input is a packet, or "b" and the bytes of an attachment, or "n" and a note. A
// "turn" ends a turn. A "new" begins a new connection.
#include <atomic>
#include <beastio/engine.hpp>
#include <beastio/host/guest.hpp>
#include <beastio/socketio.hpp>
#include <future>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/support/socketio.hpp"
#include "fuzz/support/target.hpp"
#include "protocol/text/json-check.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::fuzz {
namespace {

using namespace socketio;

/// Has its calls checked; the engine has no sessions of its own.
class World final : public EngineHandler, public Owner {
 public:
  World()
      : engine_(std::make_shared<Engine>(EngineOptions{},
                                         [this](unsigned) -> EngineHandler& { return *this; })),
        guest_(std::make_unique<Guest>(engine_, tightOptions(),
                                       [this](unsigned) -> Owner& { return *this; })) {
    serve(guest_->of("/"));
    serve(guest_->of("/of"));
  }

  ~World() override {
    engine_->stop();
    guest_.reset();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Returns whether it is used up.
  bool take(std::string_view input) {
    std::promise<void> done;
    engine_->post(0, [&] {
      live(input);
      done.set_value();
    });
    done.get_future().wait();
    check();
    return ++inputs_ == kInputsPerServer;
  }

  void checkAtEnd() {
    promise(guest_->of("/").socketsCount() == 0, "nobody is left");
    promise(guest_->of("/of").socketsCount() == 0, "nobody is left in a namespace");
    guest_->close();
    engine_->stop();
    guest_.reset();
    check();
  }

  void onPassed(SessionId, const Message& message) override {
    const auto line = (message.binary ? "b" : "") + std::string(message.data);
    if (!sent_.contains(line)) note("what is passed was sent");
  }
  void onTold(std::string_view json, std::span<const std::string_view>) override {
    if (!protocol::isValidJson(json, protocol::kMostJsonDepth)) note("tellings are JSON");
  }
  void onOpen(const OpenedSession&) override {}
  void onMessage(SessionId, const Message&) override {}
  void onClose(SessionId, CloseReason, std::string_view) override {}

 private:
  void note(const char* what) { broken_ = what; }
  void check() const {
    const char* const broken = broken_;
    promise(broken == nullptr, broken);
  }

  void checkArguments(const Args& args) {
    if (const char* const broken = brokenBy(args)) note(broken);
  }

  void serve(Namespace& nsp) {
    nsp.on("echo", [this](Socket& socket, const Args& args) {
      checkArguments(args);
      socket.emit("echo", args);
    });
    nsp.on("pass", [this](const Args& args) {
      checkArguments(args);
      return Then::kPassOn;
    });
    nsp.on(
        "pool",
        [this](SocketRef socket, const Args& args) {
          checkArguments(args);
          socket.emit("pool", args);
          return Then::kPassOn;
        },
        InPool{});
    nsp.on("ask", [](Socket& socket, const RawJson& value) {
      socket.emitWithAck<std::string>("ask", value).then([](const Result<std::string>&) {});
    });
    nsp.on("join", [](Socket& socket, const std::string& room) { socket.join(room); });
    nsp.on("leave", [](Socket& socket, const std::string& room) { socket.leave(room); });
    nsp.on("bye", [](Socket& socket, bool close) { socket.disconnect(close); });
    nsp.onConnection([](Socket& socket) { socket.emit("welcome", socket.id()); });
    nsp.onDisconnect([](Socket& socket, DisconnectReason, std::string_view) {
      socket.broadcast().emit("gone", socket.id());
    });
  }

  /// Runs on: the I/O thread.
  void live(std::string_view input) {
    auto& handler = guest_->handlerOf(0);
    begin(handler);
    while (!input.empty()) {
      const auto line = input.substr(0, input.find('\n'));
      input.remove_prefix(std::min(line.size() + 1, input.size()));
      sent_.emplace(line);
      if (line == "turn") {
        handler.onBatchEnd();
      } else if (line == "new") {
        end(handler);
        begin(handler);
      } else if (line.starts_with('n')) {
        const std::string_view attachments[] = {"first", "second"};
        const auto json = line.substr(1);  // which JavaScript has made
        if (!protocol::isValidJson(json, protocol::kMostJsonDepth)) continue;
        handler.onNote(session_, json, attachments);
      } else if (line.starts_with('b')) {
        handler.onMessage(session_, {.binary = true, .data = line.substr(1)});
      } else {
        handler.onMessage(session_, {.data = line});
      }
    }
    end(handler);
    sent_.clear();
  }

  void begin(EngineHandler& handler) {
    session_ = {.place = kSlot, .generation = session_.generation + 1};
    handler.onNote(session_, R"(["enter",0,"id",4,{},["a"]])", {});
    handler.onNote(session_, R"(["active",0,false])", {});
  }
  void end(EngineHandler& handler) {
    handler.onClose(session_, CloseReason::kTransportClose, {});
    handler.onBatchEnd();
  }

  std::atomic<const char*> broken_ = nullptr;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<Guest> guest_;
  SessionId session_{};                      // of the I/O thread, as the next
  std::set<std::string, std::less<>> sent_;  // by the client that is there
  std::size_t inputs_ = 0;
};

const Registration kRegistration({"socketio-guest", &runInWorld<World>});

}  // namespace
}  // namespace beastio::fuzz
