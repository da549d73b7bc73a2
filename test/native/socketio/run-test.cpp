// How a server waits for its end.
#include <csignal>
#include <stdexcept>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;

namespace {

int signalsOfTest = 0;

extern "C" void countSignalOfTest(int /*signal*/) { ++signalsOfTest; }

/// The program's own handler of a signal, for the lifetime of this object.
class OwnHandler {
 public:
  explicit OwnHandler(int signal)
      : signal_(signal), before_(std::signal(signal, countSignalOfTest)) {}
  ~OwnHandler() { std::signal(signal_, before_); }
  OwnHandler(const OwnHandler&) = delete;
  OwnHandler& operator=(const OwnHandler&) = delete;

 private:
  int signal_;
  void (*before_)(int);
};

}  // namespace

TEST_CASE("A server that runs ends with a signal, from when it says that it is ready",
          "[socketio]") {
  const auto signal = GENERATE(SIGINT, SIGTERM);
  const OwnHandler own(signal);
  signalsOfTest = 0;
  ServerRig rig;
  rig.listen();
  auto client = rig.connect();
  client.enter();
  rig.io.run([&] { std::raise(signal); });
  CHECK(client.next() == "closed");
  CHECK(rig.io.emit("late") == Errc::kClosed);
  CHECK(signalsOfTest == 0);
  std::raise(signal);
  CHECK(signalsOfTest == 1);
}

TEST_CASE("A server that runs ends when a handler closes it", "[socketio]") {
  ServerRig rig;
  rig.io.on("end", [&] { rig.io.close(); });
  rig.listen();
  auto client = rig.connect();
  client.enter();
  rig.io.run([&] { client.send("2[\"end\"]"); });
  CHECK(client.next() == "closed");
}

TEST_CASE("What is thrown before it waits leaves the program its signals", "[socketio]") {
  const OwnHandler own(SIGTERM);
  signalsOfTest = 0;
  ServerRig rig;
  CHECK_THROWS_AS(rig.io.run([] { throw std::runtime_error("of the test"); }), std::runtime_error);
  std::raise(SIGTERM);
  CHECK(signalsOfTest == 1);
}
