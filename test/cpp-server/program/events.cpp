// Events, typed and as they come, and acknowledgements both ways.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "application.hpp"
#include "report.hpp"

namespace beastio::test {
namespace {

struct Point {
  double x = 0;
  double y = 0;
  std::optional<std::string> name{};
};

}  // namespace
}  // namespace beastio::test

template <>
struct beastio::socketio::Codec<beastio::test::Point>
    : Members<beastio::test::Point, Member<"x", &beastio::test::Point::x>,
              Member<"y", &beastio::test::Point::y>, Member<"name", &beastio::test::Point::name>> {
};

namespace beastio::test {

using namespace beastio::socketio;
using std::chrono::milliseconds;

namespace {

/// What a client's answer has come to: null and the answer, or an error.
template <class T>
void pass(const Ack& ack, const Result<T>& answer) {
  answer ? ack(nullptr, *answer) : ack(answer.error() == Errc::kTimeout ? "timeout" : "gone");
}

void onTyped(Socket& /*socket*/, const std::string& text, double number, std::optional<int> whole,
             bool flag, const std::vector<std::string>& list,
             const std::map<std::string, double>& map, const Point& point, const Ack& ack) {
  ack(text, number, whole, flag, list, map, point);
}

void serveQuestions(Server& io) {
  io.on("ask", [](Socket& socket, const std::string& question, std::int64_t ms, const Ack& ack) {
    socket.timeout(milliseconds(ms))
        .emitWithAck<std::string>("question", question)
        .then([ack](const Result<std::string>& answer) { pass(ack, answer); });
  });
  io.on("ask for bytes", [](Socket& socket, const Ack& ack) {
    socket.emitWithAck<std::vector<std::byte>>("question", "bytes")
        .then([ack](const Result<std::vector<std::byte>>& answer) { pass(ack, answer); });
  });
  // The answer cannot reach a client that has left: what has become of it is told.
  io.on("ask and leave", [](Socket& socket) {
    socket.emitWithAck<std::string>("question", "late").then([](const Result<std::string>& answer) {
      tell(answer ? "answered" : "not answered: the socket is gone");
    });
    socket.disconnect();
  });
  io.on("ask all", [](Socket& socket, const std::string& room, std::int64_t ms, const Ack& ack) {
    socket.nsp()
        .to(room)
        .timeout(milliseconds(ms))
        .emitWithAck<std::string>("question", "all")
        .then([ack](Result<Answers<std::string>> answers) {
          std::sort(answers->values.begin(), answers->values.end());
          ack(static_cast<bool>(answers->error), answers->values);
        });
  });
}

}  // namespace

void serveEvents(Server& io) {
  io.onConnection([](Socket& socket) { socket.emit("hello", socket.id(), socket.protocol()); });
  io.on("echo", [](Socket& socket, const Args& args, const Ack& ack) {
    ack.isWanted() ? ack(args) : socket.emit("echo", args);
  });
  io.on("", [](Socket& socket, const Args& args) { socket.emit("", args); });
  io.on("5", [](Socket& socket, const Args& args) { socket.emit("number", args); });
  io.on("__proto__", [](Socket& socket, const Args& args) { socket.emit("__proto__", args); });
  io.on("typed", onTyped);
  io.on("bytes", [](Socket& socket, Binary bytes, const Ack& ack) {
    std::vector<std::byte> reversed(bytes.bytes.rbegin(), bytes.bytes.rend());
    ack.isWanted() ? ack(reversed.size(), reversed) : socket.emit("bytes", reversed, "behind");
  });
  io.on("twice", [](Socket& /*socket*/, const Ack& ack) {
    ack("first");
    ack("second");
  });
  io.on("later", [](Socket& socket, std::int64_t ms, const Ack& ack) {
    const auto timer = std::make_shared<std::uint64_t>(0);
    auto& server = socket.nsp().server();
    *timer = server.every(milliseconds(ms), [&server, timer, ack] {
      server.cancel(*timer);
      ack("later");
    });
  });
  io.on("numbers", [](Socket& socket, int count) {
    for (int i = 0; i < count; ++i) socket.emit("number", i);
  });
  io.on("volatile",
        [](Socket& socket, const std::string& text) { socket.emitVolatile("volatile", text); });
  io.on("count", [](Socket& socket, const Ack& ack) { ack(++socket.data<int>()); });
  io.on("throw", [](Socket& /*socket*/) { throw std::runtime_error("of the test"); });
  io.on("reserved",
        [](Socket& socket, const Ack& ack) { ack(static_cast<bool>(socket.emit("disconnect"))); });
  serveQuestions(io);
}

}  // namespace beastio::test
