// What HttpConnection refuses, with the status that Node gives: smuggling vectors that Beast's
// parser lets pass, header bombs, bodies over the limit. Each refusal ends the connection.
#include <catch2/catch.hpp>

#include "transport/http/http-rig.hpp"

using namespace beastio;
using namespace beastio::transport;
using namespace beastio::transport::test;

namespace {

struct Row {
  std::string name;
  std::string input;
};

/// Sends `input` with a valid request behind it, and expects one answer of that status.
void checkRefused(const Row& row, int status, EngineOptions options = {}) {
  CAPTURE(row.name);
  HttpRig rig(options);
  rig.start();
  rig.peer.send(row.input);
  rig.turn();
  rig.peer.send(get("/smuggled"));
  rig.turn();
  const auto answer = rig.peer.readAll();
  CHECK(answer.starts_with("HTTP/1.1 " + std::to_string(status) + " "));
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
  CHECK(rig.peer.ended());
  CHECK(rig.requests.empty());
}

std::string request(std::string_view lines, std::string_view rest = {}) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + std::string(lines) + "\r\n" + std::string(rest);
}

}  // namespace

TEST_CASE("Ambiguous lengths are refused", "[http][refusal]") {
  for (const auto& row : std::vector<Row>{
           {"length and chunks",
            request("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
           {"chunks and length",
            request("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
           {"two lengths", request("Content-Length: 2\r\nContent-Length: 3\r\n", "ab")},
           {"two equal lengths", request("Content-Length: 2\r\nContent-Length: 2\r\n", "ab")},
           {"a list of lengths", request("Content-Length: 2, 2\r\n", "ab")},
           {"plus", request("Content-Length: +2\r\n", "ab")},
           {"minus", request("Content-Length: -1\r\n")},
           {"hexadecimal", request("Content-Length: 0x2\r\n", "ab")},
           {"2^64", request("Content-Length: 18446744073709551616\r\n")},
           {"no digits", request("Content-Length: \r\n")},
           {"space before the colon", request("Content-Length : 2\r\n", "ab")},
       }) {
    checkRefused(row, 400);
  }
}

TEST_CASE("Transfer codings other than chunked are refused", "[http][refusal]") {
  for (const auto* coding : {"chunked, gzip", "gzip, chunked", "identity", "xchunked", "gzip",
                             "chunked, chunked", "chunked;q=1",
                             "\x0B"
                             "chunked"}) {
    checkRefused(
        {coding, request("Transfer-Encoding: " + std::string(coding) + "\r\n", "0\r\n\r\n")}, 400);
  }
  checkRefused({"twice", request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                 "0\r\n\r\n")},
               400);
  checkRefused(
      {"on HTTP/1.0", "POST /a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      400);
}

TEST_CASE("Bad chunks are refused", "[http][refusal]") {
  for (const auto& row : std::vector<Row>{
           {"0x", chunked("0x1\r\na\r\n0\r\n\r\n")},
           {"negative", chunked("-1\r\na\r\n0\r\n\r\n")},
           {"no size", chunked("\r\na\r\n0\r\n\r\n")},
           {"overflow", chunked("10000000000000000\r\na")},
           {"terminator", chunked("1\r\naXX0\r\n\r\n")},
           {"long extension", chunked("1;" + std::string(20'000, 'e') + "\r\na\r\n0\r\n\r\n")},
           {"endless extension", chunked("1;" + std::string(20'000, 'e'))},
           {"endless trailers", chunked("0\r\n" + std::string(20'000, 't'))},
       }) {
    checkRefused(row, 400);
  }
}

TEST_CASE("A chunked body keeps no more than its bytes, however slow", "[http][refusal]") {
  HttpRig rig;
  rig.start();
  rig.peer.send(chunked(""));
  rig.turn();
  const auto extension = std::string(10'000, 'e');
  for (int i = 0; i < 100; ++i) {
    rig.peer.send("1;" + extension + "\r\nx\r\n");  // each within the limit of a chunk's header
    rig.turn();
  }
  CHECK(rig.exchange("0\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(rig.requests == std::vector<std::string>{"POST /a " + std::string(100, 'x')});
}

TEST_CASE("Bad request lines and headers are refused", "[http][refusal]") {
  for (const auto& row : std::vector<Row>{
           {"bare LF", "GET /a HTTP/1.1\nHost: x\n\n"},
           {"folded header", "GET /a HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"},
           {"folded with a tab", "GET /a HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n"},
           {"NUL in a value", std::string("GET /a HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", 34)},
           {"CR in a value", "GET /a HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"},
           {"no host", "GET /a HTTP/1.1\r\n\r\n"},
           {"two hosts", "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
           {"two hosts on HTTP/1.0", "GET /a HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"},
           {"HTTP/0.9", "GET /a\r\n\r\n"},
           {"HTTP/1.2", "GET /a HTTP/1.2\r\nHost: x\r\n\r\n"},
           {"HTTP/2.0", "GET /a HTTP/2.0\r\nHost: x\r\n\r\n"},
           {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
           {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"},
           {"control byte in the target", "GET /a\x01 HTTP/1.1\r\nHost: x\r\n\r\n"},
           {"UTF-8 in the target", "GET /caf\xC3\xA9 HTTP/1.1\r\nHost: x\r\n\r\n"},
           {"DEL in the target", "GET /a\x7F HTTP/1.1\r\nHost: x\r\n\r\n"},
           {"absolute target", "GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n"},
           {"a method that nobody knows", "FOO /a HTTP/1.1\r\nHost: x\r\n\r\n"},
           {"CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"},
       }) {
    checkRefused(row, 400);
  }
}

TEST_CASE("Header bombs are refused", "[http][refusal]") {
  std::string many;
  for (int i = 0; i < 2500; ++i) many += "a:\r\n";
  checkRefused({"2500 headers", get("/a", many)}, 431);
  checkRefused({"a value of 17 KB", get("/a", "A: " + std::string(17'000, 'v') + "\r\n")}, 431);
  checkRefused({"a name of 17 KB", get("/a", std::string(17'000, 'n') + ": v\r\n")}, 431);
  checkRefused({"a target of 20 KB", get("/" + std::string(20'000, 't'))}, 431);
  checkRefused({"an endless line", "GET /" + std::string(20'000, 't')}, 431);
  std::string cookies;
  for (int i = 0; i < 10'000; ++i) cookies += "Cookie: a=b\r\n";
  checkRefused({"10000 cookies", get("/a", cookies)}, 431);

  HttpRig rig;
  rig.start();
  CHECK(rig.exchange(get("/a", "A: " + std::string(9000, 'v') + "\r\n"))
            .starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("Bodies over the limit are refused as soon as that is certain", "[http][refusal]") {
  EngineOptions options;
  options.maxHttpBufferSize = 1000;
  checkRefused({"announced", request("Content-Length: 1001\r\n")}, 413, options);
  checkRefused({"chunked", chunked("3E9\r\n")}, 413, options);
  std::string pieces;
  for (int i = 0; i < 1001; ++i) pieces += "1\r\nx\r\n";
  checkRefused({"in single bytes", chunked(pieces)}, 413, options);
  checkRefused({"100 MB", request("Content-Length: 104857600\r\n")}, 413);
}

TEST_CASE("Unknown expectations are refused", "[http][refusal]") {
  checkRefused({"foo", request("Expect: foo\r\nContent-Length: 2\r\n")}, 417);
}

TEST_CASE("OPTIONS * reaches the router", "[http][refusal]") {
  HttpRig rig;
  rig.start();
  CHECK(rig.exchange("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 200 "));
  CHECK(rig.requests == std::vector<std::string>{"OPTIONS * "});
}
