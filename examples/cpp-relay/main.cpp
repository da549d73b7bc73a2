// Serves Engine.IO clients on a port until it is told to end.
//   relay [port]
#include <pthread.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "relay.hpp"

namespace {

std::uint16_t portOf(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error == std::errc() && end == text.data() + text.size()) return port;
  throw std::invalid_argument("a port is from 0 to 65535");
}

}  // namespace

int main(int count, char** arguments) try {
  // Blocked before there are threads, which inherit that: only sigwait() below takes them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  Relay relay;
  const auto bound = relay.listen(count > 1 ? portOf(arguments[1]) : 3000);
  std::cout << "ws://localhost:" << bound.port << "/engine.io/?EIO=4&transport=websocket\n"
            << std::flush;
  int signal = 0;
  sigwait(&ends, &signal);
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return EXIT_FAILURE;
}
