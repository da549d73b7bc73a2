// docs/cpp.md: ports, TLS, files, recovery, errors, the end. The blocks of the page stand here as
// they are (test/scripts/repository/cpp-docs.test.js compares them).
#include <stdlib.h>
#include <sys/un.h>

#include <array>
#include <beastio/engine.hpp>
#include <beastio/static-files.hpp>
#include <beastio/tls-options.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "socketio/socketio-rig.hpp"
#include "support/certificates.hpp"
#include "support/tls-client.hpp"

using namespace beastio::socketio;
using namespace beastio::socketio::test;
using namespace std::chrono_literals;

namespace {

/// A folder of the test.
struct Folder {
  Folder() {
    path = (std::filesystem::temp_directory_path() / "beastio-docs-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(path + "/" + name).parent_path());
    std::ofstream(path + "/" + name) << text;
  }

  std::string path;
};

std::string contentsOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string get(std::uint16_t port, const std::string& path, const std::string& fields = {}) {
  auto peer = Peer::connected(
      port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields + "\r\n");
  return peer.readResponse();
}

std::uint16_t listenLocally(Server& io) { return io.listen(0, "127.0.0.1").port; }

}  // namespace

TEST_CASE("docs/cpp.md: options", "[docs]") {
  ServerOptions options;
  options.engine.ioThreads = 4;
  options.engine.pingInterval = 10s;
  options.engine.port.cors = beastio::CorsOptions{.origins = {"https://example.com"}};
  options.ackTimeout = 5s;
  Server io(options);

  CHECK(io.ioThreads() == 4);
  const auto port = listenLocally(io);
  const auto answer =
      get(port, "/socket.io/?EIO=4&transport=polling", "Origin: https://example.com\r\n");
  CHECK(answer.find("Access-Control-Allow-Origin: https://example.com\r\n") != std::string::npos);
  CHECK(answer.find("\"pingInterval\":10000") != std::string::npos);
}

TEST_CASE("docs/cpp.md: one slow client", "[docs]") {
  Server io;
  io.on("watch live", [](Socket& socket) {
    socket.setSlowClient(beastio::SlowClientPolicy::kDropOldest, 2'000'000);
  });
  io.on("fill", [](Socket& socket) {
    const std::string text(1'000'000, 'x');
    for (int number = 0; number < 50; ++number) socket.emit("filled", number, text);
    socket.emit("end");
  });
  WireClient client(listenLocally(io));
  client.enter();
  client.send("2[\"watch live\"]");
  client.send("2[\"fill\"]");
  REQUIRE(awaitDropped(io));
  int count = 0;
  auto packet = client.next();
  for (; packet.starts_with("2[\"filled\","); packet = client.next()) ++count;
  CHECK(packet == "2[\"end\"]");
  CHECK(count < 50);
}

TEST_CASE("docs/cpp.md: ports", "[docs]") {
  const Folder folder;
  const auto path = folder.path + "/chat.sock";
  Server io;

  std::error_code error;
  io.listen({.unixPath = path}, error);
  if (error) std::cerr << path << ": " << error.message() << "\n";

  CHECK_FALSE(error);
  Peer peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::connect(peer.descriptor(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  peer.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(peer.readResponse().starts_with("HTTP/1.1 200 "));
}

namespace {

/// What a handshake of Engine.IO is answered, or why there is no TLS.
std::string answerByTls(std::uint16_t port, int version) {
  const beastio::test::TlsClientContext context;
  context.only(version);
  beastio::test::TlsClient client(context, "localhost");
  auto peer = Peer::connected(port);
  client.receive({});
  bool isAsked = false;
  while (client.plain.find("\"sid\"") == std::string::npos && client.error.empty()) {
    if (client.established() && !std::exchange(isAsked, true)) {
      client.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    peer.send(client.take());
    auto bytes = peer.readExactly(1);
    if (bytes.empty()) return "the end of the stream";
    client.receive(bytes += peer.available());
  }
  return client.error.empty() ? client.plain : client.error;
}

}  // namespace

TEST_CASE("docs/cpp.md: TLS", "[docs]") {
  const Folder folder;
  const auto identity = beastio::test::Identity::authority("localhost");
  folder.write("key.pem", identity.key());
  folder.write("cert.pem", identity.certificate());
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path);
  Server io;

  const auto useCertificate = [&io] {
    beastio::TlsOptions tls;
    tls.credentials.keys = {{.pem = contentsOf("key.pem")}};
    tls.credentials.certs = {contentsOf("cert.pem")};
    std::string why;
    const auto context = beastio::makeTlsContext(tls, why);
    if (!context) throw std::runtime_error(why);
    io.setTls(context);
  };
  useCertificate();  // and again when it is renewed

  std::filesystem::current_path(before);
  const auto port = listenLocally(io);
  CHECK(answerByTls(port, beastio::TlsOptions::kTls12).substr(0, 12) == "HTTP/1.1 200");
  CHECK(answerByTls(port, beastio::TlsOptions::kTls13).substr(0, 12) == "HTTP/1.1 200");
  // Whoever speaks no TLS gets no answer of HTTP.
  auto plain = Peer::connected(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(plain.readAll().find("HTTP/1.1") == std::string::npos);
}

TEST_CASE("docs/cpp.md: recovery", "[docs]") {
  ServerOptions options;
  options.connectionStateRecovery = {.maxDisconnectionDuration = 2min};
  Server io(options);

  io.onConnection([](Socket& socket) {
    if (!socket.isRecovered()) socket.join("lobby");
  });

  WireClient client(listenLocally(io));
  client.send("0");
  CHECK(client.next().find("\"pid\":\"") != std::string::npos);
  io.to("lobby").emit("in");
  CHECK(client.next() == "2[\"in\",\"1\"]");
}

namespace {

// What the application answers by itself.
class Health final : public beastio::WebHandler {
 public:
  explicit Health(Server& io) : io_(io) {}

  beastio::Answering onWebRequest(const beastio::WebRequest& request,
                                  beastio::WebAnswer& answer) override {
    if (request.path != "/health") return beastio::Answering::kNotMine;
    const auto clients = std::to_string(io_.of("/").socketsCount());
    answer.headers = {{"Content-Type", "text/plain"}};
    answer.body = std::make_shared<const std::string>("clients: " + clients + "\n");
    return beastio::Answering::kNow;
  }

 private:
  Server& io_;
};

}  // namespace

TEST_CASE("docs/cpp.md: files", "[docs]") {
  const Folder folder;
  folder.write("public/index.html", "<!doctype html>");
  folder.write("node_modules/socket.io-client/dist/socket.io.js", "// the client");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path);
  Server io;

  using beastio::StaticFiles;
  using beastio::StaticFilesOptions;
  io.engine().setWebHandlers({
      std::make_shared<StaticFiles>(
          StaticFilesOptions::browserClient("node_modules/socket.io-client/dist")),
      std::make_shared<StaticFiles>(StaticFilesOptions{.folder = "public"}),
      std::make_shared<Health>(io),
  });

  std::filesystem::current_path(before);
  const auto port = listenLocally(io);
  CHECK(get(port, "/").ends_with("<!doctype html>"));
  CHECK(get(port, "/socket.io/socket.io.js").ends_with("// the client"));
  CHECK(get(port, "/health").ends_with("clients: 0\n"));
  CHECK(get(port, "/other").starts_with("HTTP/1.1 404 "));
}

TEST_CASE("docs/cpp.md: errors", "[docs]") {
  std::ostringstream log;
  std::optional<Server> server(std::in_place);
  auto& io = *server;

  io.onError([&log](const ErrorReport& report) {
    log << report.event << ": " << report.error.message() << " (" << report.what << ")\n";
  });
  io.on("divide", [](int a, int b, Ack ack) {
    if (b == 0) throw std::domain_error("by zero");
    ack(a / b);
  });

  WireClient client(listenLocally(io));
  client.enter();
  client.send("2[\"divide\",1,0]");
  client.send("2[\"divide\",1,\"2\"]");
  client.send("20[\"divide\",4,2]");
  CHECK(client.next() == "30[2]");
  server.reset();
  CHECK(log.str() ==
        "divide: a handler has thrown (by zero)\n"
        "divide: the arguments are not what the handler takes (arguments of other types)\n");
}

TEST_CASE("docs/cpp.md: the end", "[docs]") {
  Server io;
  WireClient client(listenLocally(io));
  client.enter();
  std::ostringstream log;
  std::string last;
  std::string end;
  std::thread reader([&] {
    last = client.next();
    end = client.next();
    client.close();
  });

  io.emit("goodbye");
  const bool haveAllLeft = io.close(10s);
  if (!haveAllLeft) log << "some clients were cut off\n";

  reader.join();
  CHECK(last == "2[\"goodbye\"]");
  CHECK(end == "closed");
  CHECK(log.str().empty());
  CHECK(io.emit("late") == Errc::kClosed);
}
