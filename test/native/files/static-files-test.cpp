// A folder's files: what is read, what is served of it, and what nobody gets.
#include "beastio/static-files.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "support/temporary-folder.hpp"

using namespace beastio;
using namespace beastio::test;
namespace fs = std::filesystem;

namespace {

/// The answer to a request; status 0: it is the next handler's.
WebAnswer ask(StaticFiles& files, const std::string& target, const std::string& lines = {},
              const std::string& method = "GET") {
  const auto header = method + " " + target + " HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n";
  const WebRequest request{.method = method,
                           .target = target,
                           .path = std::string_view(target).substr(0, target.find('?')),
                           .header = header};
  WebAnswer answer;
  if (files.onWebRequest(request, answer) != Answering::kNow) return {.status = 0};
  return answer;
}

std::string valueOf(const WebAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

std::string bodyOf(const WebAnswer& answer) { return answer.body ? *answer.body : std::string(); }

std::error_code errorOf(const StaticFilesOptions& options) {
  try {
    const StaticFiles files(options);
  } catch (const std::system_error& error) {
    return error.code();
  }
  return {};
}

}  // namespace

TEST_CASE("Files are served with their type and their names for caches", "[files]") {
  const TemporaryFolder folder;
  folder.write("index.html", "<p>");
  folder.write("js/app.js", "run()");
  folder.write("empty.txt", "");
  const std::chrono::sys_seconds time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);
  fs::last_write_time(folder.path() / "index.html", fs::file_time_type::clock::from_sys(time));
  StaticFiles files({.folder = folder.path().string()});
  CHECK(files.count() == 3);
  CHECK(files.bytes() == 8);

  const auto page = ask(files, "/");
  CHECK(page.status == 200);
  CHECK(bodyOf(page) == "<p>");
  CHECK(valueOf(page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(valueOf(page, "Last-Modified") == "Sat, 21 Nov 2026 00:00:00 GMT");
  CHECK(valueOf(page, "Cache-Control") == "public, max-age=0");
  CHECK(valueOf(page, "Vary").empty());
  CHECK(valueOf(page, "ETag").size() == 29);  // of 20 bytes in base64
  CHECK(bodyOf(ask(files, "/index.html?x=1")) == "<p>");
  CHECK(bodyOf(ask(files, "/js/app.js")) == "run()");
  CHECK(bodyOf(ask(files, "/%6As/app%2ejs")) == "run()");
  CHECK(ask(files, "/empty.txt").status == 200);
  CHECK(ask(files, "/", {}, "HEAD").body == page.body);  // the engine leaves it out
}

TEST_CASE("Who has a file already is told so", "[files]") {
  const TemporaryFolder folder;
  folder.write("a.txt", "text");
  folder.write("b.txt", "another text");
  StaticFiles files({.folder = folder.path().string()});
  const auto first = ask(files, "/a.txt");
  const auto etag = valueOf(first, "ETag");
  const auto date = valueOf(first, "Last-Modified");
  const auto statusFor = [&files](const std::string& lines) {
    return ask(files, "/a.txt", lines).status;
  };
  CHECK(statusFor("If-None-Match: " + etag + "\r\n") == 304);
  CHECK(statusFor("If-None-Match: W/" + etag + "\r\n") == 304);
  CHECK(statusFor("If-None-Match: \"x\",\t" + etag + " , \"y\"\r\n") == 304);
  CHECK(statusFor("If-None-Match: \"x\"\r\nIf-None-Match: " + etag + "\r\n") == 304);
  CHECK(statusFor("If-None-Match: *\r\n") == 304);
  CHECK(statusFor("If-Modified-Since: " + date + "\r\n") == 304);
  CHECK(statusFor("If-None-Match: \"x\"\r\nIf-Modified-Since: " + date + "\r\n") == 200);
  CHECK(statusFor("If-None-Match: " + etag.substr(1) + "\r\n") == 200);
  CHECK(statusFor("If-None-Match: ,,\r\n") == 200);
  CHECK(statusFor("If-Modified-Since: yesterday\r\n") == 200);
  const auto known = ask(files, "/a.txt", "If-None-Match: " + etag + "\r\n");
  CHECK(known.body == nullptr);
  CHECK(valueOf(known, "ETag") == etag);
  CHECK(valueOf(known, "Content-Type").empty());
  CHECK(valueOf(ask(files, "/b.txt"), "ETag") != etag);
  // The name is of the bytes: another process has the same.
  StaticFiles again({.folder = folder.path().string()});
  CHECK(valueOf(ask(again, "/a.txt"), "ETag") == etag);
}

TEST_CASE("No path leads out of the folder", "[files]") {
  const TemporaryFolder outside;
  outside.write("secret.txt", "secret");
  const TemporaryFolder folder;
  folder.write("in/a.txt", "inside");
  folder.write(".env", "hidden");
  folder.write(".git/config", "hidden");
  fs::create_symlink(outside.path() / "secret.txt", folder.path() / "link.txt");
  fs::create_directory_symlink(outside.path(), folder.path() / "out");
  fs::create_directory_symlink(folder.path(), folder.path() / "circle");
  fs::create_symlink("in/a.txt", folder.path() / "inner.txt");
  fs::create_symlink("nowhere", folder.path() / "broken.txt");
  StaticFiles files({.folder = folder.path().string()});
  CHECK(files.count() == 2);
  CHECK(bodyOf(ask(files, "/inner.txt")) == "inside");
  const auto name = outside.path().filename().string();
  for (const auto& target : {"/../" + name + "/secret.txt",
                             "/in/../../" + name + "/secret.txt",
                             "/%2e%2e/" + name + "/secret.txt",
                             "/..%2f" + name + "%2fsecret.txt",
                             "/..\\" + name + "\\secret.txt",
                             "/%5c..%5c" + name,
                             outside.pathOf("secret.txt"),
                             "/" + outside.pathOf("secret.txt"),
                             std::string("/link.txt"),
                             std::string("/out/secret.txt"),
                             std::string("/circle/in/a.txt"),
                             std::string("/.env"),
                             std::string("/.git/config"),
                             std::string("/in/../in/a.txt"),
                             std::string("/./in/a.txt"),
                             std::string("//in/a.txt"),
                             std::string("/in//a.txt"),
                             std::string("/in/a.txt%00"),
                             std::string("/in/a.txt%00.html"),
                             std::string("/in/a.txt/"),
                             std::string("/in/"),
                             std::string("/in"),
                             std::string("/%"),
                             std::string("/in/a.tx%7"),
                             std::string("/in/a.txt%zz"),
                             std::string("/broken.txt"),
                             std::string("*"),
                             std::string()}) {
    INFO(target);
    CHECK(ask(files, target).status == 0);
  }
}

TEST_CASE("Files whose name begins with a dot are served on demand", "[files]") {
  const TemporaryFolder folder;
  folder.write(".well-known/a.txt", "known");
  StaticFiles files({.folder = folder.path().string(), .dotFiles = true});
  CHECK(bodyOf(ask(files, "/.well-known/a.txt")) == "known");
}

TEST_CASE("Who asks for a folder without its slash is sent there", "[files]") {
  const TemporaryFolder folder;
  folder.write("docs/index.html", "docs");
  StaticFiles files({.folder = folder.path().string()});
  const auto moved = ask(files, "/docs?a=1");
  CHECK(moved.status == 301);
  CHECK(valueOf(moved, "Location") == "/docs/?a=1");
  CHECK(bodyOf(ask(files, "/docs/")) == "docs");
  CHECK(ask(files, "//docs").status == 0);
  StaticFiles none({.folder = folder.path().string(), .index = {}});
  CHECK(ask(none, "/docs/").status == 0);
  CHECK(ask(none, "/docs").status == 0);
}

TEST_CASE("Other methods than GET and HEAD are refused", "[files]") {
  const TemporaryFolder folder;
  folder.write("a.txt", "text");
  StaticFiles files({.folder = folder.path().string()});
  for (const auto* const method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    const auto answer = ask(files, "/a.txt", {}, method);
    CHECK(answer.status == 405);
    CHECK(valueOf(answer, "Allow") == "GET, HEAD");
  }
  CHECK(ask(files, "/b.txt", {}, "POST").status == 0);
}

TEST_CASE("A compressed form is sent to who accepts it", "[files]") {
  const TemporaryFolder folder;
  folder.write("a.js", "plain");
  folder.write("a.js.gz", "gzipped");
  folder.write("a.js.br", "brotli");
  folder.write("b.js", "plain");
  StaticFiles files({.folder = folder.path().string()});
  const auto bodyFor = [&files](const std::string& accepted) {
    return bodyOf(ask(files, "/a.js", "Accept-Encoding: " + accepted + "\r\n"));
  };
  CHECK(bodyFor("gzip, deflate, br") == "brotli");
  CHECK(bodyFor("gzip;q=1, br;q=0.5") == "gzipped");
  CHECK(bodyFor("gzip") == "gzipped");
  CHECK(bodyFor("br;q=0, gzip;q=0") == "plain");
  CHECK(bodyFor("identity") == "plain");
  CHECK(bodyFor("*") == "brotli");
  CHECK(bodyOf(ask(files, "/a.js")) == "plain");
  const auto gzip = ask(files, "/a.js", "Accept-Encoding: gzip\r\n");
  CHECK(valueOf(gzip, "Content-Encoding") == "gzip");
  CHECK(valueOf(gzip, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(valueOf(gzip, "Vary") == "Accept-Encoding");
  CHECK(valueOf(gzip, "ETag") != valueOf(ask(files, "/a.js"), "ETag"));
  CHECK(valueOf(ask(files, "/a.js"), "Vary") == "Accept-Encoding");
  CHECK(ask(files, "/a.js",
            "Accept-Encoding: gzip\r\nIf-None-Match: " + valueOf(gzip, "ETag") + "\r\n")
            .status == 304);
  CHECK(valueOf(ask(files, "/b.js"), "Vary").empty());
}

TEST_CASE("Long texts are kept in gzip, where that saves something", "[files]") {
  const TemporaryFolder folder;
  folder.write("long.js", std::string(5'000, 'x'));
  folder.write("short.js", std::string(1'000, 'x'));
  folder.write("long.png", std::string(5'000, 'x'));
  const auto codingOf = [](StaticFiles& files, const std::string& target) {
    return valueOf(ask(files, target, "Accept-Encoding: gzip, br\r\n"), "Content-Encoding");
  };
  StaticFiles files({.folder = folder.path().string()});
  CHECK(codingOf(files, "/long.js") == "gzip");
  CHECK(codingOf(files, "/short.js").empty());
  CHECK(codingOf(files, "/long.png").empty());
  CHECK(files.bytes() > 11'000);
  StaticFiles plain({.folder = folder.path().string(), .compress = false});
  CHECK(codingOf(plain, "/long.js").empty());
  StaticFiles bounded({.folder = folder.path().string(), .maxBytes = 11'000});
  CHECK(codingOf(bounded, "/long.js").empty());
  CHECK(bounded.bytes() == 11'000);
}

TEST_CASE("What cannot be read, or is too much, is an error at the start", "[files]") {
  const TemporaryFolder folder;
  folder.write("a.txt", std::string(100'000, 'a'));
  folder.write("b.txt", "b");
  const auto path = folder.path().string();
  CHECK(errorOf({.folder = path}) == std::error_code());
  CHECK(errorOf({.folder = path + "/none"}) == std::errc::no_such_file_or_directory);
  CHECK(errorOf({.folder = path + "/a.txt"}) == std::errc::not_a_directory);
  CHECK(errorOf({.folder = path, .maxBytes = 100'001}) == std::error_code());
  CHECK(errorOf({.folder = path, .maxBytes = 100'000}) == std::errc::file_too_large);
  CHECK(errorOf({.folder = path, .maxBytes = 10}) == std::errc::file_too_large);
  CHECK(errorOf({.folder = path, .maxFiles = 1}) == std::errc::file_too_large);
  CHECK(errorOf({.folder = path, .names = {"c.txt"}}) == std::errc::no_such_file_or_directory);
}

TEST_CASE("A pipe in the folder is no file, and nobody waits for it", "[files]") {
  const TemporaryFolder folder;
  folder.write("a.txt", "a");
  REQUIRE(::mkfifo(folder.pathOf("pipe").c_str(), 0600) == 0);
  StaticFiles files({.folder = folder.path().string()});
  CHECK(files.count() == 1);
}

TEST_CASE("The browser client is served below its path, and nothing else", "[files]") {
  const TemporaryFolder folder;
  folder.write("socket.io.min.js", "client");
  folder.write("socket.io.min.js.map", "{}");
  folder.write("secret.js", "secret");
  const auto path = GENERATE(as<std::string>(), "/socket.io/", "/socket.io", "socket.io");
  StaticFiles files(StaticFilesOptions::browserClient(folder.path().string(), path));
  CHECK(files.count() == 2);
  CHECK(bodyOf(ask(files, "/socket.io/socket.io.min.js")) == "client");
  CHECK(bodyOf(ask(files, "/socket.io/socket.io.min.js.map")) == "{}");
  CHECK(ask(files, "/socket.io/secret.js").status == 0);
  CHECK(ask(files, "/socket.io/").status == 0);
  CHECK(ask(files, "/socket.io").status == 0);
  CHECK(ask(files, "/socket.io.min.js").status == 0);
}
