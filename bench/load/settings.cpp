// Command line → Settings.
#include "settings.hpp"

#include <charconv>
#include <map>
#include <string_view>

#include "error.hpp"

namespace load {
namespace {

using Arguments = std::map<std::string, std::string, std::less<>>;

std::string take(Arguments& arguments, std::string_view name) {
  const auto found = arguments.find(name);
  if (found == arguments.end()) throw LoadError("--" + std::string(name) + " is missing");
  return std::move(arguments.extract(found).mapped());
}

template <typename Number>
Number takeNumber(Arguments& arguments, std::string_view name, Number least = 1) {
  const std::string text = take(arguments, name);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least) {
    throw LoadError("--" + std::string(name) + " wants a number from " + std::to_string(least) +
                    ", not '" + text + "'");
  }
  return value;
}

bool takeYesNo(Arguments& arguments, std::string_view name) {
  const std::string text = take(arguments, name);
  if (text != "yes" && text != "no") {
    throw LoadError("--" + std::string(name) + " wants yes or no, not '" + text + "'");
  }
  return text == "yes";
}

}  // namespace

Settings parseSettings(int argc, const char* const* argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (!name.starts_with("--") || i + 1 == argc) {
      throw LoadError("expected --name value, got '" + std::string(name) + "'");
    }
    arguments.insert_or_assign(std::string(name.substr(2)), argv[i + 1]);
  }
  Settings settings;
  settings.port = takeNumber<std::uint16_t>(arguments, "port");
  settings.pid = takeNumber<pid_t>(arguments, "pid");
  settings.workload = take(arguments, "workload");
  settings.connections = takeNumber<std::size_t>(arguments, "connections");
  settings.inFlight = takeNumber<std::size_t>(arguments, "in-flight");
  settings.payloadBytes = takeNumber<std::size_t>(arguments, "payload-bytes");
  settings.pause = std::chrono::microseconds(takeNumber<int>(arguments, "pause-us", 0));
  settings.spin = takeYesNo(arguments, "spin");
  settings.warmup = std::chrono::milliseconds(takeNumber<int>(arguments, "warmup-ms"));
  settings.measure = std::chrono::milliseconds(takeNumber<int>(arguments, "measure-ms"));
  if (!arguments.empty()) throw LoadError("unknown setting --" + arguments.begin()->first);
  return settings;
}

}  // namespace load
