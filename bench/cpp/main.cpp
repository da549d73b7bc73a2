// The bench's application (servers/application.js) on the Socket.IO server in C++:
//   cpp typed|raw SETTINGS
// With `typed`, each argument is read as a value of C++. With `raw`, the checked JSON is sent on.
#include <array>
#include <beastio/socketio.hpp>
#include <beastio/tls-options.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "application.hpp"

namespace beastio::bench {
namespace {

using namespace socketio;

/// Those that clients of the scenario `namespaces` join, beside the main one.
constexpr std::array kNamespaces{"/", "/n1", "/n2", "/n3"};

void serveRaw(Namespace& nsp) {
  nsp.on("echo", [](Socket& socket, const Args& args) { socket.emit("echo", args); });
  nsp.on("ack", [](const Args& args, const Ack& ack) { ack(args); });
}

void serveRooms(Server& io) {
  io.on("bcast", [&io](const Args& args) { io.emit("bcast", args); });
  io.on("join", [](Socket& socket, const std::string& room) {
    socket.join(room);
    socket.emit("joined");
  });
  io.on("room",
        [&io](const std::string& room, const RawJson& value) { io.to(room).emit("room", value); });
}

std::string textOf(std::string_view json, std::string_view key) {
  std::string text;
  const auto value = ObjectReader::find(json, key);
  if (!value || !readString(*value, text)) throw std::invalid_argument(std::string(key));
  return text;
}

std::string contentsOf(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

ServerOptions optionsOf(std::string_view settings) {
  ServerOptions options;
  const auto deflate = ObjectReader::find(settings, "deflate");
  if (deflate == "true") options.engine.perMessageDeflate.emplace();
  const auto given = ObjectReader::find(settings, "options");
  if (!given) return options;
  ObjectReader reader(*given);
  while (const auto member = reader.next()) {
    std::int64_t value = 0;
    if (member->key != "pingInterval" || !readInteger(member->value, value)) {
      throw std::invalid_argument(member->key);
    }
    options.engine.pingInterval = std::chrono::milliseconds(value);
  }
  return options;
}

void useTls(Server& io, std::string_view settings) {
  const auto tls = ObjectReader::find(settings, "tls");
  if (!tls) return;
  TlsOptions options;
  options.credentials.keys = {{.pem = contentsOf(textOf(*tls, "key"))}};
  options.credentials.certs = {contentsOf(textOf(*tls, "cert"))};
  std::string why;
  const auto context = makeTlsContext(options, why);
  if (!context) throw std::runtime_error(why);
  io.setTls(context);
}

}  // namespace

/// Serves until stdin ends.
void serve(std::string_view how, std::string_view settings) {
  Server io(optionsOf(settings));
  for (const char* name : kNamespaces) (how == "typed" ? serveTyped : serveRaw)(io.of(name));
  serveRooms(io);
  useTls(io, settings);
  const auto bound = io.listen(0, "127.0.0.1");
  std::printf("{\"port\":%d,\"versions\":{\"g++\":\"%s\"}}\n", bound.port, __VERSION__);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  io.close(std::chrono::milliseconds(0));
}

}  // namespace beastio::bench

int main(int count, char** arguments) try {
  if (count != 3) throw std::invalid_argument("typed or raw, and the settings");
  std::signal(SIGUSR2, SIG_IGN);  // asks for a collection of garbage, of which there is none
  beastio::bench::serve(arguments[1], arguments[2]);
} catch (const std::exception& error) {
  std::fprintf(stderr, "cpp: %s\n", error.what());
  return EXIT_FAILURE;
}
