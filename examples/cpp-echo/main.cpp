// Says back what clients say, on a port, until it is told to end: echo [port]
#include <beastio/socketio.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

using namespace beastio::socketio;

int main(int count, char** arguments) try {
  Server io;
  io.on("echo", [](Socket& socket, const Args& args) { socket.emit("echo", args); });
  io.on("ask", [](const std::string& text, Ack ack) { ack(text, text.size()); });
  const int port = count > 1 ? std::stoi(arguments[1]) : 3000;
  if (port < 0 || port > 65'535) throw std::out_of_range("a port is from 0 to 65535");
  const auto bound = io.listen(static_cast<std::uint16_t>(port));
  io.run([&] { std::cout << "http://localhost:" << bound.port << std::endl; });
} catch (const std::exception& error) {
  std::cerr << "echo: " << error.what() << "\n";
  return EXIT_FAILURE;
}
