// The file of a unix socket: bound, taken, and removed only if it is still the same.
#include "transport/loop/unix-path.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <system_error>

#include "support/temporary-folder.hpp"
#include "transport/loop/descriptor.hpp"

using namespace beastio::transport;
using namespace beastio::test;
namespace fs = std::filesystem;

namespace {

Descriptor newSocket() { return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

}  // namespace

TEST_CASE("A unix socket's file is there as long as its owner", "[unix]") {
  const TemporaryFolder folder;
  const auto name = folder.pathOf("a.sock");
  const auto socket = newSocket();
  {
    UnixPath path;
    CHECK_FALSE(path.bind(socket.get(), name));
    CHECK(fs::is_socket(name));
  }
  CHECK_FALSE(fs::exists(name));
}

TEST_CASE("A file that is there is not taken, and not removed", "[unix]") {
  const TemporaryFolder folder;
  const auto name = folder.pathOf("a.sock");
  folder.write("a.sock", "somebody's");
  const auto socket = newSocket();
  UnixPath path;
  CHECK(path.bind(socket.get(), name) == std::errc::address_in_use);
  path.remove();
  CHECK(fs::exists(name));
}

TEST_CASE("A file that has taken the place is left alone", "[unix]") {
  const TemporaryFolder folder;
  const auto name = folder.pathOf("a.sock");
  const auto socket = newSocket();
  const auto other = newSocket();
  UnixPath path;
  UnixPath next;
  REQUIRE_FALSE(path.bind(socket.get(), name));
  fs::rename(name, name + ".old");
  REQUIRE_FALSE(next.bind(other.get(), name));
  path.remove();
  CHECK(fs::exists(name));
  next.remove();
  CHECK_FALSE(fs::exists(name));
}

TEST_CASE("A name may be as long as the system takes it, or abstract", "[unix]") {
  const auto socket = newSocket();
  UnixPath path;
  CHECK(path.bind(socket.get(), "/tmp/" + std::string(103, 'x')) == std::errc::filename_too_long);
  CHECK(path.bind(socket.get(), "/tmp/none/" + std::string(90, 'x')) ==
        std::errc::no_such_file_or_directory);
  const std::string abstract = std::string(1, '\0') + "beastio-test-" + std::to_string(::getpid());
  CHECK_FALSE(path.bind(socket.get(), abstract));
  const auto other = newSocket();
  UnixPath taken;
  CHECK(taken.bind(other.get(), abstract) == std::errc::address_in_use);
}
