#include "files/file-table.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "files/content-type.hpp"
#include "protocol/http/http-compression.hpp"
#include "protocol/text/base64.hpp"
#include "protocol/text/sha1.hpp"

namespace beastio::files {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCompressFromBytes = 1024;
constexpr std::size_t kWorthwhile = 10;  // a gzip must save a tenth

[[noreturn]] void fail(std::error_code error, const fs::path& path) {
  throw std::system_error(error, path.string());
}

[[noreturn]] void fail(std::errc error, const fs::path& path) {
  fail(std::make_error_code(error), path);
}

// "Sat, 21 Nov 2026 14:00:00 GMT", whatever the locale.
std::string httpDate(std::time_t time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 24> text{};
  std::string date(kDays.at(static_cast<std::size_t>(parts.tm_wday)));
  date.append(text.data(), std::strftime(text.data(), text.size(), ", %d ", &parts));
  date.append(kMonths.at(static_cast<std::size_t>(parts.tm_mon)));
  date.append(text.data(), std::strftime(text.data(), text.size(), " %Y %H:%M:%S GMT", &parts));
  return date;
}

FileForm formOf(std::string bytes) {
  FileForm form;
  form.etag += '"';
  protocol::appendBase64(protocol::sha1(bytes), form.etag);
  while (form.etag.back() == '=') form.etag.pop_back();
  form.etag += '"';
  form.body = std::make_shared<const std::string>(std::move(bytes));
  return form;
}

bool isHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// A name that no request can mean, or that others may read as a way out.
bool isOdd(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7F;
  });
}

bool isWithin(const fs::path& path, const fs::path& folder) {
  const auto end = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end.first == folder.end();
}

}  // namespace

/// Reads files into a table, as long as the limits allow.
class FileTable::Reader {
 public:
  Reader(const Selection& selection, FileTable& table) : selection_(selection), table_(table) {
    std::error_code error;
    folder_ = fs::canonical(selection.folder, error);
    if (error) fail(error, selection.folder);
    if (!fs::is_directory(folder_)) fail(std::errc::not_a_directory, folder_);
  }

  void readNames() {
    for (const auto& name : selection_.names) {
      std::error_code error;
      if (fs::exists(folder_ / name, error)) read(folder_ / name, fs::path(name));
      if (error) fail(error, folder_ / name);
    }
    if (table_.count() == 0) fail(std::errc::no_such_file_or_directory, folder_);
  }

  void readAll() {
    std::error_code error;
    fs::recursive_directory_iterator entries(folder_, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
      const auto& path = entries->path();
      if (!selection_.dotFiles && isHidden(path)) {
        entries.disable_recursion_pending();
      } else {
        read(path, path.lexically_relative(folder_));
      }
    }
    if (error) fail(error, folder_);
  }

 private:
  // Where a link leads to nothing, or out of the folder, there is no file.
  void read(const fs::path& path, const fs::path& name) {
    std::error_code error;
    const auto real = fs::canonical(path, error);
    if (error || !isWithin(real, folder_) || isOdd(name.generic_string())) return;
    if (!fs::is_regular_file(real, error)) return;
    if (table_.count() >= selection_.maxFiles) fail(std::errc::file_too_large, folder_);
    struct stat facts {};
    if (::stat(real.c_str(), &facts) != 0) fail({errno, std::system_category()}, real);
    File file;
    file.type = contentTypeOf(name.native());
    file.modified = httpDate(facts.st_mtime);
    file.plain = formOf(contentsOf(real));
    table_.bytes_ += file.plain.body->size();
    table_.files_.emplace(name.generic_string(), std::move(file));
  }

  // It may be longer than it was a moment ago.
  std::string contentsOf(const fs::path& path) const {
    constexpr std::size_t kPiece = 64 * 1024;
    const auto room = selection_.maxBytes - table_.bytes_;
    std::ifstream in(path, std::ios::binary);
    if (!in) fail({errno, std::system_category()}, path);
    std::string bytes;
    while (in) {
      const auto before = bytes.size();
      bytes.resize(before + kPiece);
      in.read(bytes.data() + before, kPiece);
      bytes.resize(before + static_cast<std::size_t>(in.gcount()));
      if (bytes.size() > room) fail(std::errc::file_too_large, path);
    }
    if (in.bad()) fail(std::errc::io_error, path);
    bytes.shrink_to_fit();
    return bytes;
  }

  const Selection& selection_;
  FileTable& table_;
  fs::path folder_;
};

FileTable::FileTable(const Selection& selection) {
  Reader reader(selection, *this);
  selection.names.empty() ? reader.readAll() : reader.readNames();
  findForms();
  if (selection.compress) compress(selection.maxBytes);
}

const File* FileTable::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

// The compressed files that stand beside a file.
void FileTable::findForms() {
  for (auto& [name, file] : files_) {
    if (const auto* const gzip = find(name + ".gz")) file.gzip = gzip->plain;
    if (const auto* const brotli = find(name + ".br")) file.brotli = brotli->plain;
  }
}

void FileTable::compress(std::size_t maxBytes) {
  for (auto& [name, file] : files_) {
    const auto& plain = *file.plain.body;
    if (file.gzip || plain.size() < kCompressFromBytes || !isCompressible(file.type)) continue;
    auto bytes = protocol::compress(plain, protocol::ContentCoding::kGzip);
    const bool isWorthwhile = bytes.size() + plain.size() / kWorthwhile <= plain.size();
    if (!isWorthwhile || bytes_ + bytes.size() > maxBytes) continue;
    bytes.shrink_to_fit();
    bytes_ += bytes.size();
    file.gzip = formOf(std::move(bytes));
  }
}

}  // namespace beastio::files
