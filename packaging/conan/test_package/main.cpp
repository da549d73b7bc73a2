// Listens on a port of its own, and says which.
#include <beastio/engine.hpp>
#include <cstdlib>
#include <iostream>

namespace {

class Nobody final : public beastio::EngineHandler {
  void onOpen(const beastio::OpenedSession&) override {}
  void onMessage(beastio::SessionId, const beastio::Message&) override {}
  void onClose(beastio::SessionId, beastio::CloseReason, std::string_view) override {}
};

}  // namespace

int main() {
  Nobody handler;
  beastio::Engine engine({}, [&](unsigned) -> beastio::EngineHandler& { return handler; });
  std::error_code error;
  const auto bound = engine.listen({.host = "127.0.0.1"}, error);
  if (!bound) {
    std::cerr << error.message() << "\n";
    return EXIT_FAILURE;
  }
  std::cout << "port " << bound->port << "\n";
  return EXIT_SUCCESS;
}
