// The C interface: its layout, and what misuse of it is answered.
#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "socketio/guest-rig.hpp"

namespace beastio::socketio::test {
namespace {

// Addons that were built against version 1.0 count on these places.
static_assert(sizeof(beastio_socket) == 16);
static_assert(sizeof(beastio_bytes) == 16);
static_assert(offsetof(beastio_event, socket) == 8);
static_assert(offsetof(beastio_event, local) == 24);
static_assert(offsetof(beastio_event, name) == 32);
static_assert(offsetof(beastio_event, payload) == 48);
static_assert(offsetof(beastio_event, arguments_at) == 64);
static_assert(offsetof(beastio_event, attachments) == 72);
static_assert(offsetof(beastio_event, ack_id) == 80);
static_assert(offsetof(beastio_event, fail) == 88);
static_assert(offsetof(beastio_event, api) == 104);
static_assert(offsetof(beastio_handlers, user) == 8);
static_assert(offsetof(beastio_handlers, inbox) == 16);
static_assert(offsetof(beastio_handlers, on_event) == 24);
static_assert(offsetof(beastio_handlers, on_release) == 56);
static_assert(offsetof(beastio_handlers, on_retain) == 64);
static_assert(offsetof(beastio_handlers, on_entering) == 72);
static_assert(offsetof(beastio_packet, name) == 8);
static_assert(offsetof(beastio_packet, array) == 24);
static_assert(offsetof(beastio_packet, attachments) == 40);
static_assert(offsetof(beastio_audience, rooms) == 16);
static_assert(offsetof(beastio_audience, room_count) == 40);
static_assert(offsetof(beastio_remote, socket) == 8);
static_assert(offsetof(beastio_facts, id) == 16);
static_assert(offsetof(beastio_api, retain) == 8);
static_assert(offsetof(beastio_api, namespace_of) == 32);
static_assert(offsetof(beastio_api, add_handlers) == 56);
static_assert(offsetof(beastio_api, emit) == 104);
static_assert(offsetof(beastio_api, broadcast) == 160);
static_assert(offsetof(beastio_api, facts) == 208);
static_assert(offsetof(beastio_api, post_to) == 256);
static_assert(offsetof(beastio_api, inbox_new) == 288);
static_assert(offsetof(beastio_api, json_is_valid) == 320);
static_assert(offsetof(beastio_api, json_placeholders) == 408);
static_assert(offsetof(beastio_api, report) == 416);
static_assert(offsetof(beastio_api, serve_namespace) == 424);
static_assert(offsetof(beastio_api, refuse) == 440);
static_assert(sizeof(beastio_api) == 448);

}  // namespace

TEST_CASE("The table says what it is", "[socketio][abi]") {
  GuestRig rig;
  CHECK(rig.api.major == BEASTIO_ABI_MAJOR);
  CHECK(rig.api.minor == BEASTIO_ABI_MINOR);
  CHECK(rig.api.size == sizeof(beastio_api));
  CHECK(BEASTIO_HAS(&rig.api, json_placeholders));
  beastio_api older = rig.api;
  older.size = offsetof(beastio_api, json_skip);
  CHECK_FALSE(BEASTIO_HAS(&older, json_placeholders));
  CHECK(rig.api.io_threads(rig.native->host) == 1);
}

TEST_CASE("Structs of an older minor version are read as far as they reach", "[socketio][abi]") {
  GuestRig rig;
  auto handlers = rig.addon.handlers();
  handlers.size = offsetof(beastio_handlers, on_retain);
  // What stands behind is not theirs.
  handlers.on_retain = [](void*) { FAIL("called"); };
  handlers.on_entering = [](void*, beastio_event*, beastio_next*) { FAIL("called"); };
  beastio_registration* registration = nullptr;
  REQUIRE(rig.api.add_handlers(rig.scope, {}, &handlers, &registration) == BEASTIO_OK);
  rig.registrations.insert(registration);
  WireClient client(rig.port);
  client.enter();
  CHECK(rig.journal.next() == "connection {\"token\":1}");
}

TEST_CASE("What an addon sends is checked", "[socketio][abi]") {
  GuestRig rig;
  rig.on("move");
  auto client = rig.seen("move");
  const auto socket = rig.addon.socket.value();
  const auto emit = [&](std::string_view name, std::string_view array) {
    const auto packet = rig.packet(name, array);
    return rig.api.emit(nullptr, socket, &packet);
  };
  CHECK(emit("a", R"(["a",{bad])") == BEASTIO_BAD_ARGUMENTS);
  CHECK(emit("a", R"({"a":1})") == BEASTIO_BAD_ARGUMENTS);
  CHECK(emit("a", "[]") == BEASTIO_BAD_ARGUMENTS);
  CHECK(emit("a", R"(["b"])") == BEASTIO_BAD_ARGUMENTS);
  CHECK(emit("disconnect", R"(["disconnect"])") == BEASTIO_RESERVED_EVENT);
  CHECK(emit("a", R"(["a",1])") == BEASTIO_OK);
  CHECK(client.next() == R"(2["a",1])");
  const auto answer = rig.packet({}, "{}");
  CHECK(rig.api.answer(socket, 1, &answer) == BEASTIO_BAD_ARGUMENTS);
  CHECK(rig.api.answer(socket, -1, &answer) == BEASTIO_BAD_ARGUMENTS);
  auto forged = socket;
  forged.place = 0xFFFFFFFF;
  const auto packet = rig.packet("a", R"(["a"])");
  CHECK(rig.api.emit(nullptr, forged, &packet) == BEASTIO_GONE);
  CHECK(rig.api.emit(nullptr, beastio_socket{}, &packet) == BEASTIO_CLOSED);
}

TEST_CASE("A namespace is asked for on one thread", "[socketio][abi]") {
  GuestRig rig;
  beastio_status status = BEASTIO_OK;
  std::uint32_t scope = 0;
  std::thread([&] {
    status = rig.api.namespace_of(rig.native->host, bytesOf("/x"), &scope);
  }).join();
  CHECK(status == BEASTIO_WRONG_THREAD);
}

TEST_CASE("An event has one handler, which is released once", "[socketio][abi]") {
  GuestRig rig;
  auto* const first = rig.on("move");
  const auto handlers = rig.addon.handlers();
  beastio_registration* second = nullptr;
  CHECK(rig.api.add_handlers(rig.scope, bytesOf("move"), &handlers, &second) == BEASTIO_TAKEN);
  CHECK(rig.addon.released == 0);
  rig.remove(first);
  CHECK(rig.addon.released == 1);
  auto nothing = handlers;
  nothing.on_event = nullptr;
  CHECK(rig.api.add_handlers(rig.scope, bytesOf("x"), &nothing, &second) == BEASTIO_BAD_ARGUMENTS);
  auto* const again = rig.on("move");
  WireClient client(rig.port);
  client.enter();
  client.send(R"(2["move"])");
  CHECK(rig.journal.next() == R"(event move ["move"])");
  rig.remove(again);
  client.send(R"(2["move"])");
  CHECK(rig.journal.next() == R"(passed 2["move"])");
  CHECK(rig.addon.released == 2);
}

TEST_CASE("What a handler says went wrong is told", "[socketio][abi]") {
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  rig.addon.verdict = BEASTIO_FAILED;
  client.send(R"(2["move"])");
  rig.journal.next();
  CHECK(rig.journal.next() == R"(told ["error",11,"on purpose",0,"the id","move"])");
  rig.addon.verdict = BEASTIO_REFUSED;
  client.send(R"(2["move"])");
  rig.journal.next();
  CHECK(rig.journal.next() == R"(told ["error",6,"arguments of other types",0,"the id","move"])");
}

TEST_CASE("A question is answered once, whatever becomes of it", "[socketio][abi]") {
  GuestRig rig;
  rig.on("move");
  auto client = rig.seen("move");
  const auto socket = rig.addon.socket.value();
  const auto packet = rig.packet("q", R"(["q"])");
  const beastio_answered answered = [](void* user, beastio_status status,
                                       const beastio_event* answer) {
    static_cast<Journal*>(user)->add(
        "answer " + std::to_string(status) +
        (answer == nullptr ? "" : " " + std::string(answer->payload.data, answer->payload.size)));
  };
  rig.api.ask(socket, &packet, 0, answered, &rig.journal);
  const auto question = client.next();
  CHECK(question == "2" + std::to_string(1U << 30U) + R"(["q"])");
  client.send("3" + std::to_string(1U << 30U) + "[42]");
  CHECK(rig.journal.next() == "answer 0 [42]");
  rig.api.ask(socket, &packet, 1, answered, &rig.journal);
  CHECK(rig.journal.next() == "answer 2");
  rig.api.ask(socket, &packet, 0, answered, &rig.journal);
  client.next();
  client.next();
  rig.guest->close();
  CHECK(rig.journal.next() == "answer 3");
  rig.api.ask(socket, &packet, 0, answered, &rig.journal);
  CHECK(rig.journal.next() == "answer 4");
}

TEST_CASE("A host that is gone says so", "[socketio][abi]") {
  GuestRig rig;
  rig.on("move");
  rig.guest->close();
  rig.engine->stop();
  rig.guest.reset();
  CHECK(rig.addon.released == 1);
  std::uint32_t scope = 0;
  CHECK(rig.api.namespace_of(rig.native->host, bytesOf("/"), &scope) == BEASTIO_CLOSED);
  CHECK(rig.api.batch_new(rig.native->host) == nullptr);
  CHECK(rig.api.io_threads(rig.native->host) == 0);
  CHECK(rig.api.timer(
            rig.native->host, 0, 1, 0, [](void*) {}, nullptr, nullptr) == 0);
  const auto handlers = rig.addon.handlers();
  beastio_registration* registration = nullptr;
  CHECK(rig.api.add_handlers(rig.scope, bytesOf("x"), &handlers, &registration) == BEASTIO_CLOSED);
  bool isDropped = false;
  CHECK(rig.api.post_to(
            rig.native->host, 0, [](void*) {}, [](void* user) { *static_cast<bool*>(user) = true; },
            &isDropped) == BEASTIO_CLOSED);
  CHECK(isDropped);
}

}  // namespace beastio::socketio::test
