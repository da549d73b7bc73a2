// Namespaces of the owner's in which handlers of a guest decide first who may enter.
#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "socketio/guest-rig.hpp"

namespace beastio::socketio::test {

namespace {

constexpr auto* kWait = R"(0{"wait":true})";

/// A guest whose handlers guard "/".
struct GuardingRig : GuestRig {
  GuardingRig() {
    addon.entering = true;
    on("");
  }
  /// The number in the next telling, which is to say that a client may enter.
  std::string asked(const std::string& auth = "{}", const std::string& attributes = "{}") {
    const auto line = journal.next();
    const auto end = "," + auth + "," + attributes + "]";
    INFO(line);
    REQUIRE(line.starts_with(R"(told ["connect",)"));
    REQUIRE(line.ends_with(end));
    const auto begin = line.find(R"("/",)") + 4;
    return line.substr(begin, line.size() - end.size() - begin);
  }
  void enter(const std::string& number) {
    owner.note(R"(["enter",0,"the id",4,{},["early"],)" + number + "]");
    owner.note(R"(["active",0,false])");
  }
};

/// What an addon has attached to a socket, as an int that says when it is gone.
struct Attached {
  explicit Attached(Journal& theJournal) : journal(theJournal) {}
  ~Attached() { journal.add("data is gone"); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

  Journal& journal;
};

void** placeOf(const beastio_api& api, beastio_event* event) {
  static const int kOwner = 0;
  return api.data(event->local, &kOwner, [](void* data) {
    const std::unique_ptr<Attached> last(static_cast<Attached*>(data));
  });
}

/// Handlers that attach something to a socket before it is in, and look for it later.
beastio_handlers attaching(GuestRig& rig) {
  beastio_handlers handlers{};
  handlers.size = sizeof(handlers);
  handlers.user = &rig;
  handlers.on_entering = [](void* user, beastio_event* event, beastio_next* next) {
    auto& self = *static_cast<GuestRig*>(user);
    beastio_facts facts{};
    facts.size = sizeof(facts);
    self.api.facts(event->local, &facts);
    CHECK(facts.is_connected == 0);
    CHECK(facts.id.size == 0);
    self.api.rooms(
        event->local, [](void*, beastio_bytes) { CHECK(false); }, nullptr);
    CHECK(self.api.join(event->socket, bytesOf("room")) == BEASTIO_GONE);
    CHECK(self.api.set_attribute(event->local, bytesOf("user"), bytesOf("7")) == BEASTIO_OK);
    *placeOf(self.api, event) = std::make_unique<Attached>(self.journal).release();
    self.api.let_in(next);
  };
  handlers.on_connection = [](void* user, beastio_event* event) {
    auto& self = *static_cast<GuestRig*>(user);
    std::string line = *placeOf(self.api, event) == nullptr ? "no data" : "data";
    const auto append = [](void* text, beastio_bytes bytes) {
      *static_cast<std::string*>(text) += ' ' + std::string(bytes.data, bytes.size);
    };
    self.api.attribute(event->local, bytesOf("user"), append, &line);
    self.api.rooms(event->local, append, &line);
    self.journal.add(line);
  };
  return handlers;
}

}  // namespace

TEST_CASE("A guest's handlers are asked before the owner", "[socketio][guest]") {
  GuardingRig rig;
  rig.on("move");
  WireClient client(rig.port);
  client.send(R"(0{"a":1})");
  CHECK(rig.journal.next() == R"(entering {"a":1})");
  CHECK(client.next() == R"(4{"message":"no","data":[7]})");
  client.send("0/else,");
  CHECK(rig.journal.next() == "passed 0/else,");  // and the owner has not heard of the first
  client.send("0");
  CHECK(rig.journal.next() == "entering {}");
  const auto number = rig.asked();
  const auto asking = rig.addon.socket.value();
  client.send("0");  // once is enough
  client.send("0/else,");
  CHECK(rig.journal.next() == "passed 0/else,");
  rig.enter(number);
  CHECK(rig.journal.next() == "connection {}");
  client.send(R"(2["move"])");
  CHECK(rig.journal.next() == R"(event move ["move"])");
  CHECK(rig.addon.socket.value().epoch == asking.epoch);
  client.send("1");
  CHECK(rig.journal.next() == "left client namespace disconnect");
  CHECK(rig.journal.next() == "passed 1");
  client.send("0");
  CHECK(rig.journal.next() == "entering {}");
  rig.asked();
}

TEST_CASE("What handlers know of a client stays when the owner lets it in", "[socketio][guest]") {
  GuestRig rig;
  const auto handlers = attaching(rig);
  beastio_registration* registration = nullptr;
  REQUIRE(rig.api.add_handlers(rig.scope, {}, &handlers, &registration) == BEASTIO_OK);
  rig.registrations.insert(registration);
  WireClient client(rig.port);
  client.send("0");
  const auto told = rig.journal.next();
  CHECK(told.ends_with(R"(,{},{"user":7}])"));
  const auto begin = told.find(R"("/",)") + 4;
  const auto number = told.substr(begin, told.find(',', begin) - begin);
  SECTION("it does") {
    rig.owner.note(R"(["enter",0,"the id",4,{},["early"],)" + number + "]");
    rig.owner.note(R"(["active",0,false])");
    CHECK(rig.journal.next() == "data 7 the id early");
    rig.owner.note(R"(["exit",0,"server namespace disconnect"])");
  }
  SECTION("it does not") {
    rig.owner.note(R"(["refused",0,999999])");  // that is nobody's
    rig.owner.note(R"(["refused",0,)" + number + "]");
  }
  SECTION("the client leaves before") {
    client.close();
    CHECK(rig.journal.next() == "closed");
  }
  SECTION("the guest is closed before") { rig.guest->close(); }
  CHECK(rig.journal.next() == "data is gone");
}

TEST_CASE("A client waits for handlers without holding up others", "[socketio][guest]") {
  GuardingRig rig;
  WireClient client(rig.port);
  client.send(kWait);
  CHECK(rig.journal.next() == R"(entering {"wait":true})");
  client.send(kWait);  // once is enough
  client.send(R"(2/else,["move"])");
  CHECK(rig.journal.next() == R"(passed 2/else,["move"])");
  client.send(R"(2["move"])");
  CHECK(rig.journal.next() == R"(passed 2["move"])");  // the owner ends who is not in
  SECTION("another thread lets it go on") {
    std::thread([&] { rig.api.let_in(rig.addon.waiting); }).join();
    rig.enter(rig.asked(R"({"wait":true})"));
    CHECK(rig.journal.next() == R"(connection {"wait":true})");
  }
  SECTION("another thread refuses it") {
    std::thread([&] { rig.api.refuse(rig.addon.waiting, bytesOf("no"), {}); }).join();
    CHECK(client.next() == R"(4{"message":"no"})");
    client.send("0");
    CHECK(rig.journal.next() == "entering {}");
    rig.asked();
  }
  SECTION("it has left by then") {
    client.close();
    CHECK(rig.journal.next() == "closed");
    rig.api.let_in(rig.addon.waiting);
    WireClient other(rig.port);
    other.send("0");
    CHECK(rig.journal.next() == "entering {}");
    rig.asked();
  }
  SECTION("the guest is closed by then") {
    rig.guest->close();
    rig.api.let_in(rig.addon.waiting);
  }
}

TEST_CASE("No client skips handlers that others make room for", "[socketio][guest]") {
  GuardingRig rig;
  auto* const first = *rig.registrations.begin();
  auto* const second = rig.on("");
  rig.on("");
  WireClient client(rig.port);
  client.send(kWait);
  CHECK(rig.journal.next() == R"(entering {"wait":true})");
  rig.api.let_in(std::exchange(rig.addon.waiting, nullptr));
  CHECK(rig.journal.next() == R"(entering {"wait":true})");  // of the second
  auto* const next = std::exchange(rig.addon.waiting, nullptr);
  rig.remove(first);
  rig.on("");  // behind the third: the gap that the first has left is filled
  rig.api.let_in(next);
  CHECK(rig.journal.next() == R"(entering {"wait":true})");
  rig.api.let_in(std::exchange(rig.addon.waiting, nullptr));
  CHECK(rig.journal.next() == R"(entering {"wait":true})");
  rig.remove(second);  // it has decided
  rig.api.let_in(rig.addon.waiting);
  rig.asked(R"({"wait":true})");
}

TEST_CASE("Nobody enters by handlers that were taken away", "[socketio][guest]") {
  GuardingRig rig;
  WireClient waiting(rig.port);
  waiting.send(kWait);
  CHECK(rig.journal.next() == R"(entering {"wait":true})");
  rig.remove(*rig.registrations.begin());
  CHECK(rig.addon.released == 1);
  WireClient client(rig.port);
  client.send("0");
  CHECK(client.next() == R"(4{"message":"Internal error"})");
  rig.api.let_in(rig.addon.waiting);  // it decides what it was asked
  rig.asked(R"({"wait":true})");
}

TEST_CASE("The owner has a guest asked about clients of its own", "[socketio][guest]") {
  GuestRig rig;
  const auto protocol = GENERATE(3, 4);
  WireClient client(rig.port, protocol);
  client.send("2[\"here?\"]");
  CHECK(rig.journal.next() == "passed 2[\"here?\"]");  // it came before the handlers
  rig.addon.entering = true;
  rig.on("");
  const auto admit = [&](const std::string& auth) {
    rig.owner.note(R"(["admit",0,"the session",)" + std::to_string(protocol) + "," + auth + "]");
  };
  admit(R"({"a":1})");
  CHECK(rig.journal.next() == R"(entering {"a":1})");
  CHECK(client.next() == (protocol == 3 ? "4[7]" : R"(4{"message":"no","data":[7]})"));
  admit("{}");
  CHECK(rig.journal.next() == "entering {}");
  CHECK(rig.journal.next().starts_with(R"(told ["connect",)"));
}

TEST_CASE("A client of protocol 3 is refused as JavaScript would", "[socketio][guest]") {
  GuardingRig rig;
  WireClient client(rig.port, 3);
  client.send("0/?a=1");
  CHECK(rig.journal.next() == R"(entering {"a":"1"})");
  CHECK(client.next() == "4[7]");
  rig.owner.note(R"(["admit",0,"the session",3,{"wait":true}])");
  for (const auto* const data : {"null", "false", "0", R"("")", ""}) {
    CHECK(rig.journal.next() == R"(entering {"wait":true})");
    rig.api.refuse(rig.addon.waiting, bytesOf("no"), bytesOf(data));
    CHECK(client.next() == R"(4"no")");
    rig.owner.note(R"(["admit",0,"the session",3,{"wait":true}])");
  }
  CHECK(rig.journal.next() == R"(entering {"wait":true})");
  rig.api.let_in(rig.addon.waiting);
}

TEST_CASE("The owner judges a CONNECT packet that is none here", "[socketio][guest]") {
  GuardingRig rig;
  WireClient client(rig.port);
  std::string deep = "0{\"a\":";
  for (int i = 0; i < 2000; ++i) deep += '[';
  for (int i = 0; i < 2000; ++i) deep += ']';
  deep += '}';
  for (const auto& packet : {std::string("0{bad"), std::string("0[1]"), deep}) {
    client.send(packet);
    CHECK(rig.journal.next() == "passed " + packet);
  }
}

}  // namespace beastio::socketio::test
