// A folder's files on the engine's own port: an application's page, or the browser client of
// Socket.IO. They are read when the object is made, and served from memory. So no request waits for
// a disk, and none can leave the folder.
//
//   engine.setWebHandlers({std::make_shared<StaticFiles>(StaticFilesOptions{.folder = "public"})});
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/web.hpp"

namespace beastio {

/// Which files, and how they are served.
struct StaticFilesOptions {
  std::string folder{};              ///< where they are
  std::string mount = "/";           ///< the path below which they are served
  std::vector<std::string> names{};  ///< only these, relative to the folder; empty: all
  std::string index = "index.html";  ///< what a folder shows; empty: nothing
  /// The field Cache-Control.
  std::string cacheControl = "public, max-age=0";
  /// Further fields of each file's answer, such as a Content-Security-Policy.
  std::vector<std::pair<std::string, std::string>> headers{};
  bool dotFiles = false;  ///< also those whose name begins with a dot
  /// Keep texts of 1 KiB or more in gzip as well, unless the folder has a file "….gz" beside them.
  bool compress = true;
  std::size_t maxBytes = 64U << 20U;  ///< of all together, in all their forms
  std::size_t maxFiles = 10'000;      ///< more are an error

  /// The bundles of the `socket.io-client` package (its folder `dist`), as `serveClient` of
  /// socket.io serves them. `path`: EngineOptions::path.
  BEASTIO_EXPORT static StaticFilesOptions browserClient(std::string folder,
                                                         std::string path = "/socket.io/");
};

/// Answers GET and HEAD with a file, or with 304 to who has it already (ETag, Last-Modified), and
/// other methods with 405. A file "….br" or "….gz" is sent instead to who accepts that coding. Who
/// asks for a folder without its last slash is sent there. Other paths are the next handler's.
/// Runs on: any thread.
class BEASTIO_EXPORT StaticFiles final : public WebHandler {
 public:
  /// Reads the files. A symbolic link is followed if it leads to a file of the folder. Errors:
  /// std::system_error. It tells the system's reason if the folder or a file cannot be read. It is
  /// no_such_file_or_directory if none of `names` is there. It is file_too_large beyond a bound.
  explicit StaticFiles(const StaticFilesOptions& options);
  ~StaticFiles() override;
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  /// How many there are.
  std::size_t count() const;
  /// What they occupy, in all their forms.
  std::size_t bytes() const;

  Answering onWebRequest(const WebRequest& request, WebAnswer& answer) override;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace beastio
