#include "engine/processors.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "platform/process.hpp"

namespace beastio::engine {

namespace {

std::optional<std::uint64_t> numberIn(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// The first 4 KiB of a file; empty where it cannot be read. A stream would bring half a megabyte
/// of libstdc++ into the addon.
std::string textOf(const std::string& name) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(name.c_str(), "re"));
  std::string text(4096, '\0');
  text.resize(file ? std::fread(text.data(), 1, text.size(), file.get()) : 0);
  return text;
}

std::string firstLineOf(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The group's path below the hierarchy's; empty where there is none of version 2.
std::string groupOfProcess() {
  constexpr std::string_view kVersion2{"\n0::"};
  const auto text = "\n" + textOf("/proc/self/cgroup");
  const auto found = text.find(kVersion2);
  return found == std::string::npos ? "" : firstLineOf(text.substr(found + kVersion2.size()));
}

/// std::thread::hardware_concurrency tells of all that are online, with some versions of glibc.
unsigned processorsOfThread() {
  const auto count = platform::processorsOfThread();
  if (count > 0) return count;
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

std::optional<unsigned> processorsOfQuota(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto quota = numberIn(text.substr(0, space));
  const auto period = numberIn(text.substr(space + 1));
  if (!quota || !period || *period == 0) return std::nullopt;
  return static_cast<unsigned>(std::clamp<std::uint64_t>(*quota / *period, 1, 1U << 16U));
}

unsigned processors() {
  unsigned count = processorsOfThread();
  // Each group bounds those in it.
  for (auto group = groupOfProcess();; group.erase(group.rfind('/'))) {
    const auto quota =
        processorsOfQuota(firstLineOf(textOf("/sys/fs/cgroup" + group + "/cpu.max")));
    if (quota) count = std::min(count, *quota);
    if (group.find('/') == std::string::npos) return count;
  }
}

}  // namespace beastio::engine
