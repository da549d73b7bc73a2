// Handlers in C++ beside a server that owns the sockets: what they take, what they pass on, and
// what both tell each other.
#include <catch2/catch.hpp>
#include <string>

#include "socketio/guest-rig.hpp"

namespace beastio::socketio::test {

TEST_CASE("A guest's handler gets its events, and the owner all others", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  client.send(R"(2["move",1,{"a":"b"}])");
  CHECK(rig.journal.next() == R"(event move ["move",1,{"a":"b"}])");
  client.send(R"(27["move"])");
  CHECK(rig.journal.next() == R"(event move ["move"] ack 7)");
  client.send(R"(2["\u006dove"])");
  CHECK(rig.journal.next() == R"(event move ["\u006dove"])");
  client.send(R"(2["other",1])");
  CHECK(rig.journal.next() == R"(passed 2["other",1])");
  client.send(R"(2/else,["move"])");
  CHECK(rig.journal.next() == R"(passed 2/else,["move"])");
  client.send("37[1]");
  CHECK(rig.journal.next() == "passed 37[1]");
}

TEST_CASE("What is no valid packet is the owner's to refuse", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  client.send(R"(2["move",{bad])");
  CHECK(rig.journal.next() == R"(told ["suspended",0,"the id"])");  // it judges from now on
  CHECK(rig.journal.next() == R"(passed 2["move",{bad])");
  for (const std::string text :
       {R"(2["move",{bad])", "2[\"move\"", "2[", "", "9", "25-[\"move\"]"}) {
    client.send(text);
    CHECK(rig.journal.next() == "passed " + text);
  }
}

TEST_CASE("An event that is deeper than a guest reads is the owner's, and so are those behind it",
          "[socketio][guest]") {
  const auto name = GENERATE(as<std::string>(), "move", R"(\u006dove)");
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  const auto deep = "2[\"" + name + "\"," + std::string(1'500, '[') + std::string(1'500, ']') + "]";
  client.send(deep);
  client.send(R"(2["move",1])");
  CHECK(rig.journal.next() == R"(told ["suspended",0,"the id"])");
  CHECK(rig.journal.next() == "passed " + deep);
  CHECK(rig.journal.next() == R"(passed 2["move",1])");
}

TEST_CASE("Attachments are gathered for a guest, and passed as they came else",
          "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  const std::string header =
      R"(52-["move",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])";
  client.send(header);
  client.sendBytes("first");
  client.sendBytes("second");
  CHECK(rig.journal.next() == "event move " + header.substr(3) + " + first + second");

  client.send(header);
  client.sendBytes("first");
  client.send(R"(2["other"])");
  CHECK(rig.journal.next() == "passed " + header);
  CHECK(rig.journal.next() == "bytes first");
  CHECK(rig.journal.next() == R"(passed 2["other"])");
  client.sendBytes("alone");
  CHECK(rig.journal.next() == "bytes alone");
}

TEST_CASE("An event that is passed on comes to the owner with all that it has",
          "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  rig.addon.verdict = BEASTIO_PASS;
  WireClient client(rig.port);
  client.enter();
  client.send(R"(51-3["move",{"_placeholder":true,"num":0}])");
  client.sendBytes("x");
  CHECK(rig.journal.next() == R"(event move ["move",{"_placeholder":true,"num":0}] + x ack 3)");
  CHECK(rig.journal.next() ==
        R"(told ["passed",0,"the id",3,["move",{"_placeholder":true,"num":0}],false] + x)");
}

TEST_CASE("Events wait until the owner's application has seen the socket", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  rig.on("");
  rig.owner.activates = false;
  WireClient client(rig.port);
  client.enter();
  client.send(R"(2["move",1])");
  client.send(R"(2["other",2])");
  CHECK(rig.journal.next() == R"(passed 2["other",2])");
  rig.owner.note(R"(["active",0,false])");
  CHECK(rig.journal.next() == R"(connection {"token":1})");
  CHECK(rig.journal.next() == R"(event move ["move",1])");
}

TEST_CASE("A socket whose events wait for too long is the owner's", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  rig.owner.activates = false;
  WireClient client(rig.port);
  client.enter();
  const std::string large(100'000, 'x');
  const auto text = "2[\"move\",\"" + large + "\"]";
  for (int i = 0; i < 3; ++i) client.send(text);
  CHECK(rig.journal.next() == R"(told ["suspended",0,"the id"])");
  for (int i = 0; i < 3; ++i) {
    CHECK(rig.journal.next() == R"(told ["came",0,"the id",null,)" + text.substr(1) + "]");
  }
  client.send(R"(2["move",4])");
  CHECK(rig.journal.next() == R"(passed 2["move",4])");
}

TEST_CASE("Events that passed the owner's checks are handled, or come back", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  rig.owner.note(R"(["suspend",0])");
  rig.owner.note(R"(["deliver",0,5,["move",{"_placeholder":true,"num":0}]])", {"x"});
  CHECK(rig.journal.next() == R"(event move ["move",{"_placeholder":true,"num":0}] + x ack 5)");
  rig.owner.note(R"(["deliver",0,null,["other",1]])");
  CHECK(rig.journal.next() == R"(told ["passed",0,"the id",null,["other",1],true])");
  client.send(R"(2["move",1])");
  CHECK(rig.journal.next() == R"(passed 2["move",1])");
}

TEST_CASE("Rooms of both sides end alike", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  auto client = rig.seen("move");
  const auto socket = rig.addon.socket.value();
  CHECK(rig.api.join(socket, bytesOf("room")) == BEASTIO_OK);
  CHECK(rig.journal.next() == R"(told ["joined",0,"the id","room"])");
  // The owner has not heard of it yet, and takes the socket out of the room.
  rig.owner.note(R"(["leave",0,0,"room"])");
  CHECK(rig.journal.next() == R"(told ["left",0,"the id","room"])");
  // It knows all that it was told.
  rig.owner.note(R"(["join",0,2,"room"])");
  auto packet = rig.packet("news", R"(["news",1])");
  beastio_audience audience{};
  audience.size = sizeof(audience);
  audience.scope = rig.scope;
  const auto room = bytesOf("room");
  audience.rooms = &room;
  audience.room_count = 1;
  rig.owner.note(R"(["deliver",0,null,["move"]])");  // behind it, the broadcast reaches the socket
  CHECK(rig.journal.next() == R"(event move ["move"])");
  CHECK(rig.api.broadcast(nullptr, &audience, &packet) == BEASTIO_OK);
  CHECK(client.next() == R"(2["news",1])");
}

TEST_CASE("Both sides hear of an end", "[socketio][guest]") {
  GuestRig rig;
  rig.on("");
  WireClient client(rig.port);
  client.enter();
  CHECK(rig.journal.next() == R"(connection {"token":1})");
  client.send("1");
  CHECK(rig.journal.next() == "left client namespace disconnect");
  CHECK(rig.journal.next() == "passed 1");
  rig.owner.note(R"(["exit",0,"client namespace disconnect"])");  // there is none any more
  WireClient other(rig.port);
  other.enter();
  CHECK(rig.journal.next() == R"(connection {"token":1})");
  rig.api.disconnect(rig.addon.socket.value(), 1);
  CHECK(rig.journal.next() == R"(told ["disconnect",0,"the id",true])");
  rig.owner.note(R"(["exit",0,"server namespace disconnect"])");
  CHECK(rig.journal.next() == "left server namespace disconnect");
}

TEST_CASE("Who comes back to a namespace is another socket", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  auto client = rig.seen("move");
  const auto first = rig.addon.socket.value();
  rig.owner.note(R"(["exit",0,"server namespace disconnect"])");
  rig.owner.note(R"(["enter",0,"the next",4,{},[]])");
  rig.owner.note(R"(["active",0,false])");
  client.send(R"(2["move"])");
  CHECK(rig.journal.next() == R"(event move ["move"])");
  CHECK(rig.addon.socket.value().epoch != first.epoch);
}

TEST_CASE("Notes that make no sense do nothing", "[socketio][guest]") {
  GuestRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.enter();
  for (const auto* const note :
       {"", "[]", "null", "{}", "[1]", "[\"enter\"", R"(["nothing",0])", R"(["join",0])",
        R"(["leave",0,0,"none"])", R"(["exit",7])", R"(["deliver",0])", R"(["active"])"}) {
    rig.owner.note(note);
  }
  client.send(R"(2["move",1])");
  CHECK(rig.journal.next() == R"(event move ["move",1])");
}

TEST_CASE("Clients whose events fill an inbox wait until it is empty", "[socketio][guest]") {
  constexpr int kEvents = 100;
  const std::string event = "2[\"move\",\"" + std::string(1024, 'x') + "\"]";
  GuestRig rig;
  auto* const inbox = rig.api.inbox_new(1);  // any event is too much
  int handled = 0;
  beastio_handlers handlers{};
  handlers.size = sizeof(handlers);
  handlers.place = BEASTIO_IN_INBOX;
  handlers.inbox = inbox;
  handlers.user = &handled;
  handlers.on_event = [](void* user, beastio_event*) {
    ++*static_cast<int*>(user);
    return BEASTIO_DONE;
  };
  beastio_registration* registration = nullptr;
  REQUIRE(rig.api.add_handlers(rig.scope, bytesOf("move"), &handlers, &registration) == BEASTIO_OK);
  rig.registrations.insert(registration);
  WireClient client(rig.port);
  client.enter();
  WireClient beside(rig.port);
  const auto isServed = [&] {
    beside.send("2[\"beside\"]");
    return rig.journal.next() == "passed 2[\"beside\"]";
  };
  client.send(event);
  REQUIRE(rig.api.inbox_wait(inbox, 20'000) == 1);
  CHECK(isServed());
  for (int i = 1; i < kEvents; ++i) client.send(event);
  client.send("2[\"last\"]");
  for (int i = 0; i < 20; ++i) {
    rig.engine->resume(0);  // the owner has handled what it was told
    CHECK(isServed());      // and has not been told of the last one
  }
  while (handled < kEvents && rig.api.inbox_wait(inbox, 20'000) == 1) rig.api.inbox_drain(inbox);
  CHECK(handled == kEvents);
  CHECK(rig.journal.next() == "passed 2[\"last\"]");
  rig.remove(registration);
  rig.api.inbox_free(inbox);
}

}  // namespace beastio::socketio::test
