#include "beastio/static-files.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "beastio/http-fields.hpp"
#include "files/file-table.hpp"
#include "protocol/http/http-compression.hpp"
#include "protocol/text/query-string.hpp"

namespace beastio {

using files::File;
using files::FileForm;

namespace {

/// A form of a file, and the coding that it is in.
struct Choice {
  const FileForm& form;
  std::string_view coding{};  ///< empty: as it is
};

std::string asFolder(std::string path) {
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  if (!path.ends_with('/')) path.push_back('/');
  return path;
}

// Brotli is smaller, where a client likes both.
Choice choose(const File& file, std::string_view acceptEncoding) {
  const auto gzip = file.gzip ? protocol::qualityOf("gzip", acceptEncoding) : 0;
  const auto brotli = file.brotli ? protocol::qualityOf("br", acceptEncoding) : 0;
  if (brotli > 0 && brotli >= gzip) return {*file.brotli, "br"};
  if (gzip > 0) return {*file.gzip, "gzip"};
  return {file.plain};
}

// Whether a list of tags names that one. Weak ones count: the bytes are the same.
bool names(std::string_view tags, std::string_view etag) {
  while (!tags.empty()) {
    const auto comma = tags.find(',');
    auto tag = tags.substr(0, comma);
    tags = comma == std::string_view::npos ? std::string_view() : tags.substr(comma + 1);
    tag.remove_prefix(std::min(tag.find_first_not_of(" \t"), tag.size()));
    tag = tag.substr(0, tag.find_last_not_of(" \t") + 1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

bool isKnown(std::string_view header, const File& file, const FileForm& form) {
  const auto tags = joinedHeaderValue(header, "If-None-Match");
  if (!tags.empty()) return names(tags, form.etag);
  return headerValue(header, "If-Modified-Since") == file.modified;
}

}  // namespace

struct StaticFiles::Impl {
  explicit Impl(const StaticFilesOptions& from)
      : mount(asFolder(from.mount)),
        index(from.index),
        cacheControl(from.cacheControl),
        headers(from.headers),
        table({.folder = from.folder,
               .names = from.names,
               .dotFiles = from.dotFiles,
               .compress = from.compress,
               .maxBytes = from.maxBytes,
               .maxFiles = from.maxFiles}) {}

  const File* indexOf(const std::string& folder) const {
    return index.empty() ? nullptr : table.find(folder + index);
  }
  WebAnswer send(const File& file, const WebRequest& request) const;

  const std::string mount;
  const std::string index;
  const std::string cacheControl;
  const std::vector<std::pair<std::string, std::string>> headers;
  const files::FileTable table;
};

WebAnswer StaticFiles::Impl::send(const File& file, const WebRequest& request) const {
  const auto [form, coding] = choose(file, joinedHeaderValue(request.header, "Accept-Encoding"));
  const bool isUnchanged = isKnown(request.header, file, form);
  WebAnswer answer{.status = isUnchanged ? 304 : 200, .headers = headers};
  const auto add = [&answer](std::string_view name, std::string_view value) {
    if (!value.empty()) answer.headers.emplace_back(name, value);
  };
  add("Cache-Control", cacheControl);
  add("ETag", form.etag);
  add("Last-Modified", file.modified);
  if (file.gzip || file.brotli) add("Vary", "Accept-Encoding");
  if (isUnchanged) return answer;
  add("Content-Type", file.type);
  add("Content-Encoding", coding);
  answer.body = form.body;
  return answer;
}

StaticFilesOptions StaticFilesOptions::browserClient(std::string folder, std::string path) {
  StaticFilesOptions options;
  options.folder = std::move(folder);
  options.mount = std::move(path);
  options.index.clear();
  for (const std::string_view name :
       {"socket.io", "socket.io.min", "socket.io.esm.min", "socket.io.msgpack.min"}) {
    options.names.push_back(std::string(name) + ".js");
    options.names.push_back(std::string(name) + ".js.map");
  }
  return options;
}

StaticFiles::StaticFiles(const StaticFilesOptions& options)
    : impl_(std::make_unique<const Impl>(options)) {}

StaticFiles::~StaticFiles() = default;

std::size_t StaticFiles::count() const { return impl_->table.count(); }

std::size_t StaticFiles::bytes() const { return impl_->table.bytes(); }

// Only what the table has is served: what a path may try to say is a name that is not there.
Answering StaticFiles::onWebRequest(const WebRequest& request, WebAnswer& answer) {
  const auto path = protocol::decodePath(request.path);
  if (!path || !path->starts_with(impl_->mount)) return Answering::kNotMine;
  const auto name = path->substr(impl_->mount.size());
  const bool isFolder = name.empty() || name.ends_with('/');
  const File* file = isFolder ? impl_->indexOf(name) : impl_->table.find(name);
  const bool isMoved = !isFolder && file == nullptr && impl_->indexOf(name + '/') != nullptr;
  if (file == nullptr && !isMoved) return Answering::kNotMine;
  if (request.method != "GET" && request.method != "HEAD") {
    answer = {.status = 405, .headers = {{"Allow", "GET, HEAD"}}};
  } else if (isMoved) {
    const auto query = request.target.substr(request.path.size());
    answer = {.status = 301,
              .headers = {{"Location", std::string(request.path) + "/" + std::string(query)}}};
  } else {
    answer = impl_->send(*file, request);
  }
  return Answering::kNow;
}

}  // namespace beastio
