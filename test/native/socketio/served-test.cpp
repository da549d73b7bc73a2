// Namespaces whose clients a guest lets in: their owner does not hear of them.
#include <catch2/catch.hpp>
#include <string>

#include "socketio/guest-rig.hpp"

namespace beastio::socketio::test {

namespace {

/// A guest that serves "/game" alone.
struct ServingRig : GuestRig {
  ServingRig() {
    guest->onServe([](std::string_view name) { return name != "/owned"; });
    REQUIRE(serve("/game") == BEASTIO_OK);
    addon.entering = true;
    on("");
  }
  beastio_status serve(std::string_view name) {
    return api.serve_namespace(native->host, bytesOf(name), &scope);
  }
};

}  // namespace

TEST_CASE("A guest lets clients in, and serves them", "[socketio][guest]") {
  ServingRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.send("0/game,");
  CHECK(rig.journal.next() == "entering {}");
  CHECK(client.next().starts_with("0/game,{\"sid\":\""));
  CHECK(rig.journal.next() == "connection {}");
  client.send(R"(2/game,["move",1])");
  CHECK(rig.journal.next() == R"(event move ["move",1])");
  client.send(R"(2/game,["other",1])");
  client.send(R"(52-/game,["move",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])");
  client.sendBytes("first");
  client.sendBytes("second");
  CHECK(rig.journal.next() ==
        R"(event move ["move",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])"
        " + first + second");
  client.send("1/game,");
  CHECK(rig.journal.next() == "left client namespace disconnect");
  client.send("2[\"move\"]");
  CHECK(rig.journal.next() == "passed 2[\"move\"]");
}

TEST_CASE("A guest refuses clients", "[socketio][guest]") {
  ServingRig rig;
  WireClient client(rig.port);
  client.send("0/game,{\"a\":1}");
  CHECK(rig.journal.next() == "entering {\"a\":1}");
  CHECK(client.next() == "4/game,{\"message\":\"no\",\"data\":[7]}");
  client.send("0/else,");
  CHECK(rig.journal.next() == "passed 0/else,");
}

TEST_CASE("A namespace is the owner's, or the guest's", "[socketio][guest]") {
  ServingRig rig;
  CHECK(rig.serve("/owned") == BEASTIO_TAKEN);
  CHECK(rig.serve("/game") == BEASTIO_OK);  // again
}

TEST_CASE("Middlewares that are taken away leave nobody in", "[socketio][guest]") {
  ServingRig rig;
  rig.remove(*rig.registrations.begin());
  WireClient client(rig.port);
  client.send("0/game,");
  CHECK(client.next() == "4/game,{\"message\":\"Internal error\"}");
  rig.on("");
  client.send("0/game,");
  CHECK(rig.journal.next() == "entering {}");
  CHECK(client.next().starts_with("0/game,{\"sid\":\""));
}

TEST_CASE("The owner ends a client that is nowhere", "[socketio][guest]") {
  ServingRig rig;
  WireClient client(rig.port);
  client.send("0/game,");
  CHECK(rig.journal.next() == "entering {}");
  CHECK(client.next().starts_with("0/game,{\"sid\":\""));
  CHECK(rig.journal.next() == "connection {}");
  rig.owner.note(R"(["nowhere"])");
  client.send("1/game,");
  CHECK(rig.journal.next() == "left client namespace disconnect");
  rig.owner.note(R"(["nowhere"])");
  CHECK(client.next() == "closed");
}

TEST_CASE("Sockets that a guest has let in hear of the end", "[socketio][guest]") {
  ServingRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.send("0/game,");
  client.next();
  client.send(R"(2/game,["move"])");
  const std::string before[] = {rig.journal.next(), rig.journal.next(), rig.journal.next()};
  CHECK(before[2] == R"(event move ["move"])");
  SECTION("by the client") {
    client.close();
    CHECK(rig.journal.next() == "left transport close");
  }
  SECTION("by the owner that shuts down") {
    rig.guest->closeServed();
    CHECK(rig.journal.next() == "left server shutting down");
  }
  SECTION("by the addon, with the connection: the owner ends that") {
    CHECK(rig.api.disconnect(*rig.addon.socket, 1) == BEASTIO_OK);
    CHECK(rig.journal.next() == "left server namespace disconnect");
    CHECK(rig.journal.next().starts_with(R"(told ["end",)"));
    CHECK(client.next() == "1/game,");
  }
  SECTION("by a packet that is none") {
    client.send("2/game,[\"move\",{bad]");
    CHECK(rig.journal.next().find("not a packet") != std::string::npos);
    CHECK(rig.journal.next() == "left forced close");
    CHECK(client.next() == "closed");
  }
}

TEST_CASE("A client that came before its namespace is handed over", "[socketio][guest]") {
  GuestRig rig;
  WireClient client(rig.port);
  client.enter();
  rig.guest->onServe([](std::string_view) { return true; });
  REQUIRE(rig.api.serve_namespace(rig.native->host, bytesOf("/game"), &rig.scope) == BEASTIO_OK);
  rig.on("");
  rig.owner.note(R"(["admit",1,"the session",4,{}])");
  CHECK(client.next().starts_with("0/game,{\"sid\":\""));
  CHECK(rig.journal.next() == "connection {}");
  rig.owner.note(R"(["admit",1,"the session",4,{}])");  // once is enough
  rig.owner.note(R"(["admit",0,"the session",4,{}])");  // the owner's
  client.send("1/game,");
  CHECK(rig.journal.next() == "left client namespace disconnect");
}

}  // namespace beastio::socketio::test
