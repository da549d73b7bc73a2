// Reactor: what it finds, in which order that is run, and what wakes it.
#include "transport/loop/reactor.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/descriptors.hpp"
#include "support/peer.hpp"
#include "transport/loop/descriptor.hpp"

using namespace beastio::test;
using namespace beastio::transport;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

/// One end of a socket pair. It writes down what the reactor tells of it.
struct End final : Watcher {
  End(Reactor& watching, Lines& lines, std::string called)
      : reactor(watching), log(lines), name(std::move(called)) {}
  ~End() { remove(); }

  void watch(bool writes = false) { REQUIRE_FALSE(reactor.add(socket.get(), *this, writes)); }
  void remove() {
    if (socket.valid()) reactor.remove(socket.get(), *this);
  }
  void onReady(const Readiness& readiness) override {
    std::string line = name;
    if (readiness.readable) line += " readable";
    if (readiness.writable) line += " writable";
    if (readiness.ended) line += " ended";
    log.push_back(line);
    if (then) then();
  }

  Reactor& reactor;
  Lines& log;
  std::string name;
  std::pair<Peer, int> ends = Peer::pair();
  Peer& peer = ends.first;
  Descriptor socket{ends.second};
  std::function<void()> then{};
};

void runAll(Reactor& reactor) {
  while (reactor.poll()) reactor.runNext();
}

}  // namespace

TEST_CASE("A watcher is told of each change once", "[reactor]") {
  Reactor reactor;
  Lines log;
  End end(reactor, log, "a");
  end.peer.send("before it is watched");
  end.watch();
  runAll(reactor);
  runAll(reactor);
  CHECK(log == Lines{"a readable"});
  end.peer.send("more");
  runAll(reactor);
  CHECK(log == Lines{"a readable", "a readable"});
  SECTION("and of the peer's end") {
    end.peer.shutdownWrite();
    runAll(reactor);
    CHECK(log.back() == "a readable ended");
  }
  SECTION("and of room to write from when on it asks") {
    reactor.watchWrites(end.socket.get(), end);
    runAll(reactor);
    CHECK(log.back() == "a readable writable");
  }
  SECTION("until it is removed, though the socket stays open elsewhere") {
    const Descriptor other(::dup(end.socket.get()));
    end.remove();
    end.socket = Descriptor(Descriptor::kNone);
    end.peer.send("unheard");
    runAll(reactor);
    CHECK(log.size() == 2);
  }
}

TEST_CASE("A watcher that is removed by another one hears nothing more", "[reactor]") {
  Reactor reactor;
  Lines log;
  End first(reactor, log, "first");
  End second(reactor, log, "second");
  first.watch();
  second.watch();
  first.then = [&second] { second.remove(); };
  second.then = [&first] { first.remove(); };
  first.peer.send("x");
  second.peer.send("x");
  runAll(reactor);
  CHECK(log.size() == 1);
}

TEST_CASE("Tasks run as posted, and before what they have caused", "[reactor]") {
  Reactor reactor;
  Lines log;
  End end(reactor, log, "a");
  end.watch();
  reactor.post([&] {
    log.emplace_back("first");
    reactor.post([&log] { log.emplace_back("third"); });
  });
  reactor.post([&log] { log.emplace_back("second"); });
  end.peer.send("caused later");
  runAll(reactor);
  CHECK(log == Lines{"first", "second", "a readable", "third"});
  CHECK_FALSE(reactor.hasMore());
}

TEST_CASE("A wait ends with a task of another thread, or at its deadline", "[reactor]") {
  Reactor reactor;
  const auto start = std::chrono::steady_clock::now();
  reactor.wait(start + 20ms);
  CHECK(std::chrono::steady_clock::now() - start >= 20ms);
  CHECK_FALSE(reactor.runNext());

  bool isRun = false;
  std::thread poster([&] { reactor.post([&isRun] { isRun = true; }); });
  while (!isRun) {
    reactor.wait(std::nullopt);
    reactor.runNext();
  }
  poster.join();
}

TEST_CASE("No task is missed, whenever it is posted", "[reactor]") {
  constexpr int kTasks = 20'000;
  Reactor reactor;
  int run = 0;
  std::thread poster([&] {
    for (int i = 0; i < kTasks; ++i) {
      std::promise<void> isDone;
      reactor.post([&] {
        ++run;
        isDone.set_value();
      });
      isDone.get_future().wait();  // the loop falls asleep again
    }
  });
  while (run < kTasks) {
    reactor.wait(std::nullopt);
    while (reactor.runNext()) {
    }
  }
  poster.join();
  CHECK(run == kTasks);
}

TEST_CASE("A task that is never run is destroyed with the reactor", "[reactor]") {
  const auto before = openDescriptors();
  {
    Reactor reactor;
    reactor.post([descriptor = Descriptor(::dup(0))] { FAIL("it was run"); });
  }
  CHECK(openDescriptors() == before);
}

TEST_CASE("Without descriptors there is no reactor", "[reactor]") {
  NoDescriptors none;
  CHECK_THROWS_AS(Reactor(), std::system_error);
  none.free(1);
  CHECK_THROWS_AS(Reactor(), std::system_error);
}
