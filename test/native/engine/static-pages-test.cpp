// Static files through an engine's own port, beside its sessions.
#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "beastio/static-files.hpp"
#include "engine/engine-rig.hpp"
#include "support/temporary-folder.hpp"

using namespace beastio;
using namespace beastio::engine::test;
using namespace beastio::test;

TEST_CASE("A page and the browser client are served beside sessions", "[engine][files]") {
  const TemporaryFolder page;
  page.write("index.html", "<script src=/socket.io/socket.io.js></script>");
  const TemporaryFolder client;
  client.write("socket.io.js", std::string(50'000, 'x'));
  EngineOptions options;
  options.path = "/socket.io/";
  options.port.cors = CorsOptions{.origins = {"*"}};
  EngineRig rig(options);
  rig.engine->setWebHandlers(
      {std::make_shared<StaticFiles>(
           StaticFilesOptions::browserClient(client.path().string(), options.path)),
       std::make_shared<StaticFiles>(StaticFilesOptions{.folder = page.path().string()})});
  rig.listen();

  auto peer = rig.connect(
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /socket.io/socket.io.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n"
      "POST /index.html HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto index = peer.readResponse();
  CHECK(index.starts_with("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=0\r\nETag: "));
  CHECK(index.ends_with("</script>"));
  const auto bundle = peer.readResponse();
  CHECK(bundle.starts_with("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"));
  CHECK(bundle.find("Content-Encoding: gzip\r\n") != std::string::npos);
  CHECK(bundle.size() < 1'000);
  const auto refused = peer.readResponse();
  CHECK(refused.starts_with("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\n"));
  CHECK(peer.readThrough("\r\n\r\n").find("Content-Length: 45\r\n") != std::string::npos);
  CHECK(peer.readResponse().starts_with("HTTP/1.1 404 "));
  CHECK(sidIn(peer.readResponse()).size() == 20);
}
