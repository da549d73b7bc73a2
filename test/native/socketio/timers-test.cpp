// Tasks of the application on I/O threads, and what it is told there of limits.
#include <beastio/host/limits.hpp>
#include <optional>
#include <stdexcept>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;
using beastio::LimitNotice;

TEST_CASE("Tasks run on the I/O thread that they name, and what they send leaves", "[socketio]") {
  ServerRig rig(withThreads(2));
  rig.listen();
  auto client = rig.connect();
  client.enter();
  const auto thread = GENERATE(0U, 1U);
  std::optional<unsigned> ranOn;
  const auto task = [&] {
    ranOn = rig.io.engine().currentThread();
    rig.io.emit("tick");
  };
  SECTION("soon") { rig.io.post(thread, task); }
  SECTION("once, later") { rig.io.after(5ms, task, thread); }
  SECTION("again and again") {
    rig.io.every(5ms, task, thread);
    for (int i = 0; i < 3; ++i) CHECK(client.next() == "2[\"tick\"]");
  }
  CHECK(client.next() == "2[\"tick\"]");
  CHECK(ranOn == thread);
}

TEST_CASE("A task that throws is told, and the next one runs", "[socketio]") {
  ServerRig rig;
  rig.io.after(1ms, [] { throw std::runtime_error("of the test"); });
  CHECK(rig.errors.next() == "a handler has thrown: a task");
  rig.io.after(1ms, [&] { rig.journal.add("ran"); });
  CHECK(rig.journal.next() == "ran");
}

TEST_CASE("On its own thread a task that is cancelled does not run", "[socketio]") {
  ServerRig rig;
  rig.io.post(0, [&] {
    const auto once = rig.io.after(1ms, [&] { rig.journal.add("cancelled"); });
    const auto again = rig.io.every(1ms, [&] { rig.journal.add("cancelled"); });
    rig.io.after(20ms, [&] { rig.journal.add("the last"); });
    rig.io.cancel(once);
    rig.io.cancel(again);
    rig.io.cancel(once);
  });
  CHECK(rig.journal.next() == "the last");
}

TEST_CASE("The application is told of clients that meet a limit", "[socketio][limits]") {
  ServerOptions options;
  options.engine.rate.maxMessagesPerSecond = 2;
  options.engine.admission.maxClients = 1;
  ServerRig rig(options);
  rig.io.onLimit([&](const LimitNotice& notice) {
    rig.journal.add(std::string(toString(notice.limit)) + " " + std::to_string(notice.count) + " " +
                    std::string(notice.sid));
  });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  beastio::test::Peer::connected(
      rig.port, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n")
      .readResponse();
  CHECK(rig.journal.next() == "maxClients 1 ");
  for (int i = 0; i < 2; ++i) client.send("2[\"x\"]");
  CHECK(rig.journal.next() == "maxMessagesPerSecond 1 " + client.sid());
}

TEST_CASE("A listener for limits that throws is told, and stops nobody", "[socketio][limits]") {
  ServerOptions options;
  options.engine.rate = {.maxMessagesPerSecond = 1, .policy = beastio::RatePolicy::kDisconnect};
  ServerRig rig(options);
  rig.io.onLimit([](const LimitNotice&) { throw std::runtime_error("of the test"); });
  rig.listen();
  auto client = rig.connect();
  client.send("0");
  client.send("0");
  CHECK(rig.errors.next() == "a handler has thrown: limit");
}
