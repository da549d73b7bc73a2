// Acknowledgements that clients owe: each is completed once.
#include <future>
#include <thread>

#include "socketio/socketio-rig.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

namespace {

std::string textOf(const Result<std::string>& result) {
  return result ? *result : result.error().message();
}

struct AcksRig : ServerRig {
  explicit AcksRig(ServerOptions options = {}) : ServerRig(options) {
    io.on("ask", [this](Socket& socket, int ms) {
      socket.timeout(std::chrono::milliseconds(ms))
          .emitWithAck<std::string>("question")
          .then([this](const Result<std::string>& result) { journal.add(textOf(result)); });
    });
    io.onConnection([this](Socket& socket) { refs.push_back(socket.ref()); });
    listen();
  }

  std::vector<SocketRef> refs;
};

}  // namespace

TEST_CASE("A client acknowledges", "[socketio]") {
  AcksRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("2[\"ask\",0]");
  CHECK(client.next() == "20[\"question\"]");
  SECTION("in time") {
    client.send(
        "3"
        "0[\"yes\"]");
    CHECK(rig.journal.next() == "yes");
    client.send(
        "3"
        "0[\"again\"]");
    client.send(
        "3"
        "1[\"of nobody\"]");
    client.send(
        "3"
        "18446744073709551615[\"of nobody\"]");
    client.send("2[\"done?\"]");
    CHECK(client.next() == "2[\"done\"]");
    CHECK(rig.journal.empty());
  }
  SECTION("with something else") {
    client.send(
        "3"
        "0[1]");
    CHECK(rig.journal.next() == make_error_code(Errc::kBadArguments).message());
  }
  SECTION("or is gone") {
    client.close();
    CHECK(rig.journal.next() == make_error_code(Errc::kDisconnected).message());
  }
  SECTION("or has left") {
    client.send("1");
    CHECK(rig.journal.next() == make_error_code(Errc::kDisconnected).message());
  }
  SECTION("or the server closes") {
    rig.io.close();
    CHECK(rig.journal.next() == make_error_code(Errc::kDisconnected).message());
  }
}

TEST_CASE("An acknowledgement that is late is one that did not come", "[socketio]") {
  AcksRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("2[\"ask\",10000]");
  client.send("2[\"ask\",20]");
  CHECK(client.next() == "20[\"question\"]");
  CHECK(client.next() == "21[\"question\"]");
  CHECK(rig.journal.next() == make_error_code(Errc::kTimeout).message());
  client.send(
      "3"
      "1[\"late\"]");
  client.send(
      "3"
      "0[\"in time\"]");
  CHECK(rig.journal.next() == "in time");
}

TEST_CASE("A client owes so many acknowledgements at most", "[socketio]") {
  ServerOptions options;
  options.maxPendingAcks = 1;
  AcksRig rig(options);
  auto client = rig.connect();
  client.enter();
  client.send("2[\"ask\",0]");
  client.send("2[\"ask\",0]");
  CHECK(rig.journal.next() == make_error_code(Errc::kTooManyAcks).message());
}

TEST_CASE("Other threads ask, and wait", "[socketio]") {
  AcksRig rig(withThreads(2));
  auto client = rig.connect();
  client.enter();
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
  const auto ref = rig.refs.front();
  const std::string bytes = "xyz";
  auto pending = ref.emitWithAck<int>("question", Binary{std::as_bytes(std::span(bytes))});
  CHECK(client.next() == "51-0[\"question\",{\"_placeholder\":true,\"num\":0}]");
  CHECK(client.next() == "bytes:xyz");
  client.send(
      "3"
      "0[42]");
  CHECK(*std::move(pending).get() == 42);
  rig.io.on("wait", [&](Socket& socket) {
    rig.journal.add(socket.emitWithAck<int>("never").get().error().message());
  });
  client.send("2[\"wait\"]");
  CHECK(client.next() == "21[\"never\"]");
  CHECK(rig.journal.next() == make_error_code(Errc::kWouldBlock).message());
  CHECK(ref.emitWithAck<int>("connect").get().error() == Errc::kReservedEvent);
  CHECK(SocketRef().emitWithAck<int>("nobody").get().error() == Errc::kClosed);
}

TEST_CASE("A question that the server does not come to is answered", "[socketio]") {
  AcksRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("2[\"done?\"]");
  CHECK(client.next() == "2[\"done\"]");
  const auto ref = rig.refs.front();
  SECTION("when its socket has left") {
    client.send("1");
    while (rig.io.of("/").socketsCount() > 0) std::this_thread::yield();
    CHECK(ref.emitWithAck<int>("question").get().error() == Errc::kGone);
  }
  SECTION("when the server ends before") {
    std::promise<void> isBusy;
    std::promise<void> mayEnd;
    rig.io.post(0, [&] {
      isBusy.set_value();
      mayEnd.get_future().wait();
    });
    isBusy.get_future().wait();
    auto pending = ref.emitWithAck<int>("question");
    std::jthread closing([&] { rig.io.close(0ms); });
    mayEnd.set_value();
    CHECK_FALSE(std::move(pending).get());
  }
}

TEST_CASE("A broadcast gathers acknowledgements", "[socketio]") {
  AcksRig rig(withThreads(GENERATE(1U, 3U)));
  auto& nsp = rig.io.of("/");
  const auto nobody = nsp.to("nobody").emitWithAck<int>("question").get();
  REQUIRE(nobody);
  CHECK(nobody->expected == 0);
  CHECK(nobody->values.empty());
  auto first = rig.connect();
  auto second = rig.connect();
  first.enter();
  second.enter();
  SECTION("of all") {
    auto pending = nsp.all().emitWithAck<int>("question", "x");
    CHECK(first.next() == "21[\"question\",\"x\"]");
    CHECK(second.next() == "21[\"question\",\"x\"]");
    first.send(
        "3"
        "1[1]");
    second.send(
        "3"
        "1[2]");
    const auto answers = std::move(pending).get();
    REQUIRE(answers);
    CHECK(answers->expected == 2);
    CHECK(answers->values.size() == 2);
    CHECK_FALSE(answers->error);
  }
  SECTION("or of those in time") {
    auto pending = nsp.all().timeout(50ms).emitWithAck<int>("question");
    CHECK(first.next() == "21[\"question\"]");
    first.send(
        "3"
        "1[1]");
    const auto answers = std::move(pending).get();
    CHECK(answers->expected == 2);
    CHECK(answers->values == std::vector<int>{1});
    CHECK(answers->error == Errc::kTimeout);
  }
}
