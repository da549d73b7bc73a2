// The server in C++ that the tests of this folder start: "application" or "engine", and its
// options. It says on its standard output where it listens, and ends with its standard input.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "application.hpp"

int main(int count, char** arguments) try {
  const std::string_view what = count > 1 ? arguments[1] : "";
  const std::string options = count > 2 ? arguments[2] : "{}";
  if (what == "application") {
    beastio::test::runApplication(options);
  } else if (what == "engine") {
    beastio::test::runEngine(options);
  } else {
    std::cerr << "application or engine?\n";
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return EXIT_FAILURE;
}
