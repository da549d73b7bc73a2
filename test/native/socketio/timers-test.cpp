// Tasks of the application on I/O threads: now, later, and again and again.
#include <optional>
#include <stdexcept>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

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
