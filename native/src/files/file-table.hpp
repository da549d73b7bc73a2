// The files of a folder, in memory. Made once and never changed. Runs on: any thread. Bound: what
// its limits say.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beastio::files {

/// The bytes of a file in one coding, and their name for caches.
struct FileForm {
  std::shared_ptr<const std::string> body;
  std::string etag{};
};

struct File {
  std::string_view type{};  ///< Content-Type
  std::string modified{};   ///< Last-Modified
  FileForm plain{};
  std::optional<FileForm> gzip{};
  std::optional<FileForm> brotli{};
};

/// Which files of a folder. What each member means: see StaticFilesOptions.
struct Selection {
  std::string folder{};
  std::vector<std::string> names{};
  bool dotFiles = false;
  bool compress = true;
  std::size_t maxBytes = 0;
  std::size_t maxFiles = 0;
};

class FileTable {
 public:
  /// Errors: see StaticFiles.
  explicit FileTable(const Selection& selection);

  /// The file with that path, relative to the folder; null if there is none.
  const File* find(std::string_view path) const;
  std::size_t count() const { return files_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  class Reader;

  void findForms();
  void compress(std::size_t maxBytes);

  std::map<std::string, File, std::less<>> files_;
  std::size_t bytes_ = 0;
};

}  // namespace beastio::files
