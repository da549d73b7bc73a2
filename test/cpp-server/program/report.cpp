#include "report.hpp"

#include <unistd.h>

#include <iostream>
#include <mutex>

namespace beastio::test {

void writeLine(std::string line) {
  static std::mutex mutex;
  line.push_back('\n');
  const std::lock_guard lock(mutex);
  for (std::string_view rest = line; !rest.empty();) {
    const auto written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0) return;  // nobody listens any more
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool readLine(std::string& line) { return static_cast<bool>(std::getline(std::cin, line)); }

}  // namespace beastio::test
