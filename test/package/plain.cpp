// Serves and is answered. CMakeLists.txt builds it with several flags.
#include <cstdlib>
#include <iostream>

#include "server.hpp"

int main() {
  const Server server;
  const auto answer = shakeHands(server.port());
  std::cout << answer << "\n";
  return opensSession(answer) ? EXIT_SUCCESS : EXIT_FAILURE;
}
