// Command line → Settings.
#include "settings.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
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

std::string takeOneOf(Arguments& arguments, std::string_view name,
                      std::initializer_list<std::string_view> words) {
  std::string text = take(arguments, name);
  if (std::ranges::find(words, text) == words.end()) {
    throw LoadError("--" + std::string(name) + " does not take '" + text + "'");
  }
  return text;
}

Payload takePayload(Arguments& arguments) {
  const std::string text = takeOneOf(arguments, "payload", {"text", "json", "binary"});
  return text == "json" ? Payload::kJson : text == "binary" ? Payload::kBinary : Payload::kText;
}

bool takeYesNo(Arguments& arguments, std::string_view name) {
  return takeOneOf(arguments, name, {"yes", "no"}) == "yes";
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
  settings.transport = takeOneOf(arguments, "transport", {"websocket", "polling", "upgrade"});
  settings.tls = takeYesNo(arguments, "tls");
  settings.deflate = takeYesNo(arguments, "deflate");
  settings.namespaces = takeNumber<std::size_t>(arguments, "namespaces");
  settings.rooms = takeNumber<std::size_t>(arguments, "rooms", 0);
  settings.payload = takePayload(arguments);
  settings.rate = takeNumber<std::uint64_t>(arguments, "rate", 0);
  settings.collect = takeYesNo(arguments, "collect");
  settings.connections = takeNumber<std::size_t>(arguments, "connections");
  settings.connectOver =
      std::chrono::milliseconds(takeNumber<int>(arguments, "connect-over-ms", 0));
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
