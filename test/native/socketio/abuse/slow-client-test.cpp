// One client's own bound and policy, beside clients that have those of the server.
#include <algorithm>
#include <catch2/catch.hpp>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "socketio/socketio-rig.hpp"

namespace beastio::socketio::test {
namespace {

constexpr int kMany = 300;
constexpr std::size_t kMost = 1'000'000;
const std::string kLong(100'000, 'x');

std::vector<int> upTo(int count) {
  std::vector<int> numbers;
  for (int number = 0; number < count; ++number) numbers.push_back(number);
  return numbers;
}

template <class To>
void emitMany(const To& to) {
  for (const int number : upTo(kMany)) to.emit("n", number, kLong);
  to.emit("last");
}

// Which of `emitMany` have come.
std::vector<int> readMany(WireClient& client) {
  constexpr std::string_view kHead = "2[\"n\",";
  std::vector<int> numbers;
  for (auto packet = client.next(); packet != "2[\"last\"]"; packet = client.next()) {
    INFO(packet.substr(0, 20));
    REQUIRE(packet.starts_with(kHead));
    int number = -1;
    std::from_chars(packet.data() + kHead.size(), packet.data() + packet.size(), number);
    numbers.push_back(number);
  }
  return numbers;
}

void checkSomeAreDropped(const std::vector<int>& numbers) {
  CHECK(numbers.size() < kMany);
  REQUIRE(numbers.size() >= kMost / kLong.size() / 2);
  CHECK(numbers.front() == 0);
  CHECK(numbers.back() == kMany - 1);
  CHECK(std::is_sorted(numbers.begin(), numbers.end()));
}

struct SlowRig : ServerRig {
  SlowRig() {
    io.on("drop oldest",
          [](Socket& socket) { socket.setSlowClient(SlowClientPolicy::kDropOldest, kMost); });
    io.on("as the server", [](Socket& socket) { socket.setSlowClient({}); });
    io.on("many", [](Socket& socket) { emitMany(socket.ref()); });
    io.onConnection([this](Socket& socket) { last = socket.ref(); });
    listen();
  }

  SocketRef last;
};

}  // namespace

TEST_CASE("One client's oldest events are dropped, another is sent all",
          "[socketio][slow-client]") {
  SlowRig rig;
  auto slow = rig.connect();
  slow.enter();
  auto other = rig.connect();
  other.enter();
  slow.send("2[\"drop oldest\"]");
  slow.send("2[\"many\"]");
  REQUIRE(awaitDropped(rig.io));
  other.send("2[\"many\"]");
  checkSomeAreDropped(readMany(slow));
  CHECK(readMany(other) == upTo(kMany));
}

TEST_CASE("A client's policy is taken back", "[socketio][slow-client]") {
  SlowRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("2[\"drop oldest\"]");
  client.send("2[\"as the server\"]");
  client.send("2[\"many\"]");
  CHECK(readMany(client) == upTo(kMany));
}

TEST_CASE("Any thread says what becomes of a slow client", "[socketio][slow-client]") {
  SlowRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("2[\"done?\"]");
  REQUIRE(client.next() == "2[\"done\"]");
  const auto ref = rig.last;
  CHECK_FALSE(ref.setSlowClient(SlowClientPolicy::kDropOldest, kMost));
  emitMany(ref);
  REQUIRE(awaitDropped(rig.io));
  checkSomeAreDropped(readMany(client));

  // A bound of more than 32 bits is a large one.
  CHECK_FALSE(ref.setSlowClient(SlowClientPolicy::kDropOldest, (std::size_t{1} << 32U) + 1));
  emitMany(ref);
  CHECK(readMany(client) == upTo(kMany));

  rig.io.close();
  CHECK(ref.setSlowClient({}) == Errc::kClosed);
}

TEST_CASE("A client that is gone has no policy", "[socketio][slow-client]") {
  SlowRig rig;
  auto client = rig.connect();
  client.enter();
  client.send("2[\"done?\"]");
  REQUIRE(client.next() == "2[\"done\"]");
  const auto ref = rig.last;
  client.close();
  auto next = rig.connect();
  next.enter();
  CHECK_FALSE(ref.setSlowClient(SlowClientPolicy::kDropOldest, 1));
  next.send("2[\"many\"]");
  CHECK(readMany(next) == upTo(kMany));
}

}  // namespace beastio::socketio::test
