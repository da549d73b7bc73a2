// A server of C++ that owns sockets, as JavaScript does, and handlers of an addon beside it.
#pragma once

#include <beastio/abi.h>

#include <beastio/engine.hpp>
#include <beastio/host/guest.hpp>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "socketio/socketio-rig.hpp"

namespace beastio::socketio::test {

/// Lets every client in, and notes what it is told.
class OwningHandler final : public EngineHandler, public Owner {
 public:
  explicit OwningHandler(Journal& journal) : journal_(journal) {}

  /// Order: before the first client. The threads run already.
  void connect(Engine& engine, EngineHandler& guest) {
    engine_ = &engine;
    engine.post(0, [this, &guest] { guest_ = &guest; });
  }
  /// Tells the guest something of the last client, soon.
  void note(const std::string& json, const std::vector<std::string>& attachments = {}) {
    engine_->post(0, [this, json, attachments] { noteHere(json, attachments); });
  }
  /// Whether clients are told at once that they are in, and the guest that they are active.
  bool activates = true;

  void onOpen(const OpenedSession& session) override {
    if (guest_ != nullptr) guest_->onOpen(session);
    session_ = session.id;
  }
  void onMessage(SessionId id, const Message& message) override { guest_->onMessage(id, message); }
  void onClose(SessionId id, CloseReason reason, std::string_view description) override {
    guest_->onClose(id, reason, description);
    journal_.add("closed");
  }
  bool onBatchEnd() override { return guest_ == nullptr || guest_->onBatchEnd(); }
  bool isFull() override { return guest_ != nullptr && guest_->isFull(); }
  Kept kept() const override { return guest_ == nullptr ? Kept{} : guest_->kept(); }
  void onClientWaits() override { guest_->onClientWaits(); }
  void onNote(SessionId id, std::string_view text,
              std::span<const std::string_view> attachments) override {
    guest_->onNote(id, text, attachments);
  }
  void onPassed(SessionId, const Message& message) override {
    if (!message.binary && message.data == "0") return letIn();
    journal_.add((message.binary ? "bytes " : "passed ") + std::string(message.data));
  }
  void onTold(std::string_view json, std::span<const std::string_view> attachments) override {
    auto line = "told " + std::string(json);
    for (const auto bytes : attachments) line += " + " + std::string(bytes);
    journal_.add(std::move(line));
  }

 private:
  void letIn() {
    noteHere(R"(["enter",0,"the id",4,{"token":1},["early"]])", {});
    send("0{\"sid\":\"01234567890123456789\"}");
    if (activates) noteHere(R"(["active",0,false])", {});
  }
  void noteHere(const std::string& json, const std::vector<std::string>& attachments) {
    Batch batch(1);
    std::vector<Part> parts{batch.addText(json)};
    for (const auto& bytes : attachments) parts.push_back(batch.addBinary(bytes));
    batch.note(session_, parts.data(), parts.size());
    engine_->submit(batch);
  }
  void send(std::string_view packet) {
    Batch batch(1);
    batch.send(session_, batch.addText(packet));
    engine_->submit(batch);
  }

  Journal& journal_;
  Engine* engine_ = nullptr;
  EngineHandler* guest_ = nullptr;  // touched by the I/O thread only
  SessionId session_{};
};

/// An addon's handlers that write down what they get.
struct Addon {
  Journal& journal;
  const beastio_api* api = nullptr;
  beastio_verdict verdict = BEASTIO_DONE;
  int released = 0;
  bool entering = false;  // whether it says who may enter
  beastio_next* waiting = nullptr;
  std::optional<beastio_socket> socket{};

  beastio_handlers handlers() {
    beastio_handlers handlers{};
    handlers.size = sizeof(handlers);
    handlers.user = this;
    handlers.on_event = [](void* user, beastio_event* event) {
      auto& self = *static_cast<Addon*>(user);
      self.socket = event->socket;
      auto line = "event " + std::string(event->name.data, event->name.size) + " " +
                  std::string(event->payload.data, event->payload.size);
      for (std::uint32_t i = 0; i < event->attachment_count; ++i) {
        line += " + " + std::string(event->attachments[i].data, event->attachments[i].size);
      }
      if (event->ack_id >= 0) line += " ack " + std::to_string(event->ack_id);
      if (self.verdict == BEASTIO_FAILED) event->fail(event->fail_user, {"on purpose", 10});
      self.journal.add(std::move(line));
      return self.verdict;
    };
    handlers.on_connection = [](void* user, beastio_event* event) {
      auto& self = *static_cast<Addon*>(user);
      self.socket = event->socket;
      self.journal.add("connection " + std::string(event->payload.data, event->payload.size));
    };
    handlers.on_disconnect = [](void* user, beastio_event* event) {
      static_cast<Addon*>(user)->journal.add("left " +
                                             std::string(event->name.data, event->name.size));
    };
    if (entering) {
      handlers.on_entering = [](void* user, beastio_event* event, beastio_next* next) {
        auto& self = *static_cast<Addon*>(user);
        const std::string_view auth(event->payload.data, event->payload.size);
        self.socket = event->socket;
        const bool waits = auth == R"({"wait":true})";
        if (waits) self.waiting = next;
        self.journal.add("entering " + std::string(auth));
        if (waits) return;  // the test decides
        if (auth == "{}") return self.api->let_in(next);
        self.api->refuse(next, {"no", 2}, {"[7]", 3});
      };
    }
    handlers.on_release = [](void* user) { ++static_cast<Addon*>(user)->released; };
    return handlers;
  }
};

inline beastio_bytes bytesOf(std::string_view text) { return {text.data(), text.size()}; }

struct GuestRig {
  GuestRig()
      : owner(journal),
        engine(std::make_shared<Engine>(optionsOf(),
                                        [this](unsigned) -> EngineHandler& { return owner; })),
        guest(std::make_unique<Guest>(engine, ServerOptions{},
                                      [this](unsigned) -> Owner& { return owner; })),
        native(guest->newNative()),
        api(*native->api) {
    owner.connect(*engine, guest->handlerOf(0));
    addon.api = &api;
    REQUIRE(api.namespace_of(native->host, bytesOf("/"), &scope) == BEASTIO_OK);
    std::error_code error;
    port = engine->listen({.host = "127.0.0.1", .port = 0}, error).value().port;
  }
  ~GuestRig() {
    if (guest) guest->close();
    engine->stop();
    guest.reset();
    for (auto* const registration : registrations) api.remove_handlers(registration);
    api.release(native->host);
  }
  static EngineOptions optionsOf() {
    EngineOptions options;
    options.path = "/socket.io/";
    options.ioThreads = 1;
    options.allowEIO3 = true;
    return options;
  }

  beastio_registration* on(std::string_view event) {
    const auto handlers = addon.handlers();
    beastio_registration* registration = nullptr;
    CHECK(api.add_handlers(scope, bytesOf(event), &handlers, &registration) == BEASTIO_OK);
    registrations.insert(registration);
    return registration;
  }
  void remove(beastio_registration* registration) {
    registrations.erase(registration);
    api.remove_handlers(registration);
  }
  /// A client that is in, and whose socket the addon has seen with its event.
  WireClient seen(std::string_view event) {
    WireClient client(port);
    client.enter();
    client.send("2[\"" + std::string(event) + "\"]");
    journal.next();
    return client;
  }
  beastio_packet packet(std::string_view name, std::string_view array) const {
    beastio_packet packet{};
    packet.size = sizeof(packet);
    packet.name = bytesOf(name);
    packet.array = bytesOf(array);
    return packet;
  }

  Journal journal;
  OwningHandler owner;
  Addon addon{journal};
  std::shared_ptr<Engine> engine;
  std::unique_ptr<Guest> guest;
  const std::unique_ptr<beastio_native> native;
  const beastio_api& api;
  std::set<beastio_registration*> registrations{};
  std::uint32_t scope = 0;
  std::uint16_t port = 0;
};

}  // namespace beastio::socketio::test
