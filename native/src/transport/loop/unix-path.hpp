// The name of a unix socket that listens: binds it, and removes its file in the end, unless another
// one has taken its place. Runs on: the thread of its Listener.
#pragma once

#include <sys/types.h>

#include <string>
#include <system_error>

namespace beastio::transport {

class UnixPath {
 public:
  UnixPath() = default;
  ~UnixPath() { remove(); }
  UnixPath(const UnixPath&) = delete;
  UnixPath& operator=(const UnixPath&) = delete;

  /// Binds `socket` to that name. Errors: as the system tells them.
  std::error_code bind(int socket, const std::string& path);
  /// Removes the file.
  void remove();

 private:
  std::string path_{};  // of the file; empty: there is none
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace beastio::transport
