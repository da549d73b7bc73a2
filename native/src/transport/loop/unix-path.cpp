#include "transport/loop/unix-path.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace beastio::transport {
namespace {

bool isAbstract(const std::string& path) { return path.front() == '\0'; }

}  // namespace

// The name of a file ends with a zero byte; an abstract one with its last byte.
std::error_code UnixPath::bind(int socket, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return std::make_error_code(std::errc::filename_too_long);
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  const auto length = offsetof(sockaddr_un, sun_path) + path.size() + (isAbstract(path) ? 0U : 1U);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) !=
      0) {
    return {errno, std::system_category()};
  }
  struct stat facts {};
  if (isAbstract(path) || ::stat(path.c_str(), &facts) != 0) return {};
  path_ = path;
  device_ = facts.st_dev;
  inode_ = facts.st_ino;
  return {};
}

void UnixPath::remove() {
  const auto path = std::exchange(path_, {});
  struct stat facts {};
  if (path.empty() || ::stat(path.c_str(), &facts) != 0) return;
  if (facts.st_dev == device_ && facts.st_ino == inode_) ::unlink(path.c_str());
}

}  // namespace beastio::transport
