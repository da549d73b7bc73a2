#include "application.hpp"

#include <chrono>
#include <thread>

#include "report.hpp"
#include "settings.hpp"

namespace beastio::test {

using namespace beastio::socketio;

namespace {

std::string told(const ErrorReport& error) {
  auto text = error.error.message();
  if (!error.what.empty()) text.append(": ").append(error.what);
  if (!error.event.empty()) text.append(" (").append(error.event).append(")");
  return text;
}

/// What the genuine package's application says as well is told, the rest is reported.
void onError(const ErrorReport& error) {
  const std::string event(error.event);
  if (error.error == Errc::kHandlerFailed) {
    tell("thrown by " + event + ": " + std::string(error.what));
  } else if (error.error == Errc::kBadArguments) {
    tell("bad arguments of " + event);
  } else {
    report(told(error));
  }
}

}  // namespace

void runApplication(const std::string& json) {
  Inbox inbox;
  Server io(serverOptionsOf(json));
  io.onError(onError);
  serveEvents(io);
  serveRooms(io);
  serveNamespaces(io);
  serveThreads(io, inbox);
  writeLine(lineOf("port", io.listen(0, "127.0.0.1").port));
  std::jthread loop([&inbox](const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kLook{20};
    while (!stop.stop_requested()) {
      if (inbox.waitFor(kLook)) inbox.drain();
    }
  });
  std::string line;
  while (readLine(line)) {
    if (line == "close") {
      io.close();
    } else {
      writeLine(lineOf("sync", RawJson::trusted(line)));
    }
  }
}

}  // namespace beastio::test
