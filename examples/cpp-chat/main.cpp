// The demo chat of `npm start`, without Node. It has the same page and the same rules.
//
//   chat [folder of the page [folder of the browser client]]
//
// It serves them on PORT (default 3000; 0 picks a free one).
#include <beastio/socketio.hpp>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "server/chat-server.hpp"

// What CMakeLists.txt sets. Whoever builds by hand starts it in the folder of the demo.
#ifndef CHAT_PAGE
#define CHAT_PAGE "public"
#define CHAT_BROWSER_CLIENT "../../node_modules/socket.io-client/dist"
#endif

namespace {

/// Returns none if it is no number of a port.
std::optional<std::uint16_t> portOf(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

/// What a person can do about it.
std::string adviceFor(const std::error_code& error, std::uint16_t port) {
  const auto name = "Port " + std::to_string(port);
  if (error == std::errc::address_in_use) {
    return name +
           " is already in use. Choose another one, for example: PORT=" + std::to_string(port + 1);
  }
  if (error == std::errc::permission_denied) {
    return name + " needs more rights. Choose one above 1023, for example: PORT=8080";
  }
  return "The chat cannot start: " + error.message();
}

int fail(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  return EXIT_FAILURE;
}

}  // namespace

int main(int count, char** arguments) try {
  const char* const wanted = std::getenv("PORT");
  const std::string text = wanted != nullptr && *wanted != '\0' ? wanted : "3000";
  const auto port = portOf(text);
  if (!port) return fail("PORT must be a number from 0 to 65535, not \"" + text + "\".");

  chat::ChatServer server({.page = count > 1 ? arguments[1] : CHAT_PAGE,
                           .client = count > 2 ? arguments[2] : CHAT_BROWSER_CLIENT});
  std::error_code error;
  const auto bound = server.io().listen({.port = *port}, error);
  if (error) return fail(adviceFor(error, *port));
  server.io().run([&bound] {
    std::printf("beast.io chat is ready at http://localhost:%d\n", bound.port);
    std::fflush(stdout);
  });
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  return fail(error.what());
}
