// Makes a context of TLS: the library, and the OpenSSL that it needs, are there.
#include <beastio/tls-options.hpp>
#include <cstdlib>
#include <iostream>
#include <string>

int main() {
  std::string error;
  const auto context = beastio::makeTlsContext({}, error);
  const bool isMade = context != nullptr && context->newSession() != nullptr;
  beastio::TlsOptions options;
  options.credentials.certs = {"no certificate"};
  const bool isRefused = beastio::makeTlsContext(options, error) == nullptr && !error.empty();
  std::cout << "made: " << isMade << ", refused: " << isRefused << ": " << error << "\n";
  return isMade && isRefused ? EXIT_SUCCESS : EXIT_FAILURE;
}
