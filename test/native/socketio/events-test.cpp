// Events: what handlers take, what they are given, and what they send.
#include <array>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

namespace {

struct Point {
  double x = 0;
  double y = 0;
  std::optional<std::string> label{};
  std::optional<int> note{};
};

}  // namespace

template <>
struct beastio::socketio::Codec<Point>
    : Members<Point, Member<"x", &Point::x>, Member<"y", &Point::y>, Member<"label", &Point::label>,
              OptionalMember<"note", &Point::note>> {};

TEST_CASE("A handler takes values of its own types", "[socketio]") {
  ServerRig rig;
  rig.io.on("values", [](Socket& socket, std::string text, double x, std::optional<int> maybe,
                         std::vector<std::pair<std::string, bool>> pairs) {
    socket.emit("values", text, x, maybe, pairs);
  });
  rig.io.on("point", [](Socket& socket, const Point& point) {
    socket.emit("point",
                Point{.x = point.y, .y = point.x, .label = point.label, .note = point.note});
  });
  rig.io.on("map", [](Socket& socket, std::map<std::string, std::array<int, 2>> map) {
    socket.emit("map", map);
  });
  rig.io.on("raw", [](Socket& socket, RawJson json, std::int8_t small) {
    socket.emit("raw", json, small, nullptr, true, "literal", 1.5F, std::uint64_t{1} << 63U);
  });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  const auto answerTo = [&](std::string_view packet) {
    client.send(packet);
    client.send("2[\"done?\"]");
    auto answer = client.next();
    if (answer != "2[\"done\"]") CHECK(client.next() == "2[\"done\"]");
    return answer;
  };
  SECTION("and sends them") {
    CHECK(answerTo("2[\"values\", \"t\\u00e9\\n\", 1e2, null, [[\"a\",true]]]") ==
          "2[\"values\",\"t\xC3\xA9\\n\",100,null,[[\"a\",true]]]");
    CHECK(answerTo("2[\"values\",\"\",-0.5,7,[],\"one more\"]") == "2[\"values\",\"\",-0.5,7,[]]");
    CHECK(answerTo("2[\"point\",{\"y\":2,\"x\":1,\"other\":[]}]") ==
          "2[\"point\",{\"x\":2,\"y\":1,\"label\":null}]");
    CHECK(answerTo("2[\"point\",{\"y\":2,\"x\":1,\"label\":\"l\",\"note\":3}]") ==
          "2[\"point\",{\"x\":2,\"y\":1,\"label\":\"l\",\"note\":3}]");
    CHECK(answerTo("2[\"map\",{\"k\":[1,2]}]") == "2[\"map\",{\"k\":[1,2]}]");
    CHECK(answerTo("2[\"raw\", {\"a\" : 1} ,-128]") ==
          "2[\"raw\",{\"a\" : 1},-128,null,true,\"literal\",1.5,9223372036854775808]");
    CHECK(answerTo("2[\"\\u0072aw\",0,1]").starts_with("2[\"raw\",0,1,"));
    CHECK(rig.errors.empty());
  }
  SECTION("and is not called with others") {
    const auto* const packet =
        GENERATE("2[\"values\"]", "2[\"values\",1,1,1,[]]", "2[\"values\",\"a\",\"1\",1,[]]",
                 "2[\"values\",\"a\",1,1.5,[]]", "2[\"values\",\"a\",1,1,{}]",
                 "2[\"values\",\"a\",1,1,[[\"a\"]]]", "2[\"point\",{\"x\":1}]", "2[\"point\",[]]",
                 "2[\"map\",{\"k\":[1]}]", "2[\"map\",{\"k\":[1,2,3]}]", "2[\"raw\",0,128]",
                 "2[\"raw\",0,1e999]");
    CHECK(answerTo(packet) == "2[\"done\"]");
    CHECK(rig.errors.next().starts_with("the arguments are not what the handler takes: "));
  }
  SECTION("and events that nobody handles are passed over") {
    CHECK(answerTo("2[\"unknown\",1]") == "2[\"done\"]");
    CHECK(answerTo("2[5,1]") == "2[\"done\"]");
    CHECK(answerTo("3"
                   "99[1]") == "2[\"done\"]");
  }
}

TEST_CASE("Bytes cross as attachments", "[socketio]") {
  ServerRig rig;
  rig.io.on("swap", [](Socket& socket, Binary first, std::vector<std::byte> second) {
    socket.emit("swapped", second, Binary{first}, 1);
  });
  rig.io.on("relay", [](Socket& socket, const Args& args) { socket.emit("relayed", args); });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  constexpr std::string_view kFirst = "{\"_placeholder\":true,\"num\":0}";
  constexpr std::string_view kSecond = "{\"_placeholder\":true,\"num\":1}";
  const auto both = std::string(kFirst) + "," + std::string(kSecond);
  SECTION("in both directions") {
    client.send("52-[\"swap\"," + both + "]");
    client.sendBytes("one");
    client.sendBytes("two");
    CHECK(client.next() == "52-[\"swapped\"," + both + ",1]");
    CHECK(client.next() == "bytes:two");
    CHECK(client.next() == "bytes:one");
  }
  SECTION("and are relayed as they are") {
    client.send("52-[\"relay\",{\"deep\":[" + both + "]},\"x\"]");
    client.sendBytes("one");
    client.sendBytes("");
    CHECK(client.next() == "52-[\"relayed\",{\"deep\":[" + both + "]},\"x\"]");
    CHECK(client.next() == "bytes:one");
    CHECK(client.next() == "bytes:");
  }
  SECTION("and a placeholder without one makes a bad packet") {
    client.send("51-[\"swap\"," + both + "]");
    client.sendBytes("one");
    CHECK(client.next() == "closed");
    CHECK(rig.errors.next() == "not a packet, or none for this state");
  }
}

TEST_CASE("What cannot be sent is refused", "[socketio]") {
  ServerRig rig;
  rig.io.on("try", [&](Socket& socket) {
    CHECK(socket.emit("connect") == Errc::kReservedEvent);
    CHECK(socket.ref().emit("disconnect", 1) == Errc::kReservedEvent);
    CHECK(socket.broadcast().emit("newListener") == Errc::kReservedEvent);
    CHECK_FALSE(RawJson::of("{bad]").has_value());
    socket.emit("odd", std::numeric_limits<double>::quiet_NaN(), -0.0, "\xFF");
    socket.disconnect();
    CHECK(socket.emit("gone") == Errc::kGone);
    CHECK(socket.ref().emit("gone") == Errc::kGone);
    CHECK(socket.join("room") == Errc::kGone);
    rig.journal.add("tried");
  });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("2[\"try\"]");
  CHECK(client.next() == "2[\"odd\",null,0,\"\xEF\xBF\xBD\"]");
  CHECK(client.next() == "1");
  CHECK(rig.journal.next() == "tried");
  CHECK(SocketRef().emit("nobody") == Errc::kClosed);
}

TEST_CASE("An acknowledgement is answered once", "[socketio]") {
  ServerRig rig;
  std::jthread other;
  rig.io.on("ask", [](Ack ack, std::string text) {
    const Ack copy = ack;
    CHECK(ack.isWanted());
    ack(text, 1);
    CHECK_FALSE(copy.isWanted());
    copy("again");
    ack("again");
  });
  rig.io.on("elsewhere", [&](Socket&, Ack ack) {
    other = std::jthread([ack = std::move(ack)] { ack(Binary{std::as_bytes(std::span("b", 1))}); });
  });
  rig.io.on("unasked", [&](Ack ack) {
    CHECK_FALSE(ack.isWanted());
    ack(1);
  });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("27[\"ask\",\"why\"]");
  CHECK(client.next() == "37[\"why\",1]");
  client.send("28[\"elsewhere\"]");
  CHECK(client.next() == "61-8[{\"_placeholder\":true,\"num\":0}]");
  CHECK(client.next() == "bytes:b");
  client.send("2[\"unasked\"]");
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
}

TEST_CASE("Listeners for all events come before the handler", "[socketio]") {
  ServerRig rig;
  rig.io.of("/").onAny([&](Socket&, std::string_view event, const Args& args) {
    rig.journal.add(std::string(event) + " " + std::string(args.json()));
  });
  rig.io.on("a", [&](int) { rig.journal.add("handled"); });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("2[\"b\",1, 2]");
  client.send("2[\"a\",3]");
  CHECK(rig.journal.next() == "b 1, 2");
  CHECK(rig.journal.next() == "a 3");
  CHECK(rig.journal.next() == "handled");
}

TEST_CASE("A handler may do anything", "[socketio]") {
  ServerRig rig;
  auto& nsp = rig.io.of("/");
  rig.listen();
  auto client = rig.connect();
  auto bystander = rig.connect();
  SECTION("throw") {
    nsp.on("do", [](Socket&) { throw std::runtime_error("of the test"); });
    nsp.on("odd", [](Socket&) { throw 5; });
    client.enter();
    client.send("2[\"do\"]");
    client.send("2[\"odd\"]");
    client.send("2[\"done?\"]");
    CHECK(client.next() == "2[\"done\"]");
    CHECK(rig.errors.next() == "a handler has thrown: do");
    CHECK(rig.errors.next() == "a handler has thrown: odd");
  }
  SECTION("replace and remove itself") {
    nsp.on("do", [&](Socket& socket) {
      nsp.on("do", [&](Socket& again) {
        nsp.off("do");
        again.emit("second");
      });
      socket.emit("first");
    });
    client.enter();
    client.send("2[\"do\"]");
    CHECK(client.next() == "2[\"first\"]");
    client.send("2[\"do\"]");
    CHECK(client.next() == "2[\"second\"]");
    client.send("2[\"do\"]");
    client.send("2[\"done?\"]");
    CHECK(client.next() == "2[\"done\"]");
  }
  SECTION("disconnect") {
    nsp.onDisconnecting([&](Socket& socket, DisconnectReason) {
      rig.journal.add("rooms " + std::to_string(socket.rooms().size()));
      socket.disconnect(true);  // again
    });
    nsp.onDisconnect([&](Socket& socket, DisconnectReason reason, std::string_view) {
      rig.journal.add(std::string(toString(reason)) + std::to_string(socket.rooms().size()));
    });
    nsp.on("do", [](Socket& socket) {
      socket.join("room");
      socket.disconnect(true);
      socket.emit("gone");
    });
    client.enter();
    client.send("2[\"do\"]");
    CHECK(client.next() == "1");
    CHECK(client.next() == "closed");
    CHECK(rig.journal.next() == "rooms 2");
    CHECK(rig.journal.next() == "server namespace disconnect0");
  }
  SECTION("close the server") {
    nsp.onDisconnect([&](Socket&, DisconnectReason reason, std::string_view) {
      rig.journal.add(std::string(toString(reason)));
    });
    nsp.on("do", [&](Socket& socket) {
      CHECK_FALSE(rig.io.close());
      CHECK(socket.emit("late") == Errc::kClosed);
    });
    client.enter();
    client.send("2[\"do\"]");
    CHECK(client.next() == "closed");
    CHECK(rig.journal.next() == "server shutting down");
    std::error_code error;
    rig.io.listen({}, error);
    CHECK(error == Errc::kClosed);
    CHECK(rig.io.emit("late") == Errc::kClosed);
    return;
  }
  bystander.enter();
  bystander.send("2[\"done?\"]");
  CHECK(bystander.next() == "2[\"done\"]");
}

TEST_CASE("Turns of handlers that take long are told", "[socketio]") {
  ServerOptions options;
  options.slowHandler = 5ms;
  ServerRig rig(options);
  rig.io.on("slow", [](Socket&) { std::this_thread::sleep_for(20ms); });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  client.send("2[\"slow\"]");
  CHECK(rig.errors.next() == "handlers have held their thread up: slow");
}
