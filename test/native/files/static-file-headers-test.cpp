// The fields that an application adds to the answers of its files.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "beastio/static-files.hpp"

using namespace beastio;

namespace {

/// A folder with one file.
struct Folder {
  Folder() {
    path = (std::filesystem::temp_directory_path() / "beastio-files-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    std::ofstream(path + "/a.txt") << "text";
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path;
};

WebAnswer ask(StaticFiles& files, std::string_view method, std::string_view fields) {
  const auto header = "GET /a.txt HTTP/1.1\r\n" + std::string(fields) + "\r\n";
  WebAnswer answer;
  const WebRequest request{
      .method = method, .target = "/a.txt", .path = "/a.txt", .header = header};
  REQUIRE(files.onWebRequest(request, answer) == Answering::kNow);
  return answer;
}

std::string fieldOf(const WebAnswer& answer, std::string_view name) {
  for (const auto& [each, value] : answer.headers) {
    if (each == name) return value;
  }
  return "none";
}

}  // namespace

TEST_CASE("Fields of the application stand in the answers of files", "[files]") {
  const Folder folder;
  StaticFiles files({.folder = folder.path, .headers = {{"X-Of-Test", "yes"}}});
  const auto answer = ask(files, "GET", "");
  CHECK(answer.status == 200);
  CHECK(fieldOf(answer, "X-Of-Test") == "yes");
  CHECK(fieldOf(answer, "Content-Type") == "text/plain; charset=utf-8");
  const auto again = ask(files, "GET", "If-None-Match: " + fieldOf(answer, "ETag") + "\r\n");
  CHECK(again.status == 304);
  CHECK(fieldOf(again, "X-Of-Test") == "yes");
  CHECK(fieldOf(ask(files, "POST", ""), "X-Of-Test") == "none");
}
