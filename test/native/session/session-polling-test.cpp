// Session on the polling transport: GETs that wait, POSTs with payloads, what breaks them.
#include <catch2/catch.hpp>

#include "session/session-rig.hpp"

using namespace beastio;
using namespace beastio::session;
using namespace beastio::session::test;

namespace {

const Answer kOk = answered(200, "ok", ContentType::kHtml);

}  // namespace

TEST_CASE("A poll gets what waits, at once and in one payload", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const std::vector<Outgoing> parts{{.data = "51-[...]"}, {.binary = true, .data = "\x01\x02\x03"}};
  rig.session.send(parts, {}, rig.tick);
  rig.send("after");
  CHECK(*rig.poll() == answered(200,
                                "451-[...]\x1e"
                                "bAQID\x1e"
                                "4after"));
}

TEST_CASE("A waiting poll gathers what is sent until the flush", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const auto poll = rig.poll();
  CHECK(rig.host.flushesWanted == 0);
  rig.send("a");
  rig.send("b");
  CHECK(*poll == kPending);
  CHECK(rig.host.flushesWanted == 1);
  rig.session.flush();
  CHECK(*poll == answered(200,
                          "4a\x1e"
                          "4b"));

  rig.session.flush();  // nothing left
  const auto next = rig.poll();
  rig.send("c");
  CHECK(rig.host.flushesWanted == 2);
  rig.session.flush();
  CHECK(next->body == "4c");
}

TEST_CASE("What was sent before a close answers the poll, without the close",
          "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const auto poll = rig.poll();
  rig.send("last");
  rig.session.close(true, rig.now);
  CHECK(*poll == answered(200, "4last"));
  CHECK(rig.host.log == Log{"close forced close"});
}

TEST_CASE("What was sent before a close may wait for a poll that is yet to come",
          "[session][polling]") {
  Rig rig;
  rig.openPolling();
  SECTION("if anything was sent") {
    rig.send("last");
    rig.session.close(true, rig.now, true);
    CHECK(rig.host.log.empty());
    const auto poll = rig.poll();
    rig.session.flush();
    CHECK(poll->body.starts_with("4last"));
    SECTION("and no longer than a next close without it") {
      rig.session.close(true, rig.now);
      CHECK(rig.host.log == Log{"close forced close"});
    }
  }
  SECTION("else nothing is waited for") {
    rig.session.close(true, rig.now, true);
    CHECK(rig.host.log == Log{"close forced close"});
  }
}

TEST_CASE("A second poll while one waits ends the session", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const auto first = rig.poll();
  const auto second = rig.poll();
  CHECK(*first == answered(200, "1"));
  CHECK(*second == answered(400));
  CHECK(rig.host.log == Log{"close transport error: overlap from client"});
}

TEST_CASE("The end of a poll's client ends the session", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  rig.session.onAborted(rig.lastRequest);  // the handshake, answered long ago
  const auto first = rig.poll();
  const auto firstId = rig.lastRequest;
  rig.send("a");
  rig.session.flush();
  rig.session.onAborted(firstId);  // answered already
  CHECK(rig.host.log.empty());

  const auto poll = rig.poll();
  rig.session.onAborted(rig.lastRequest);
  CHECK(rig.host.log == Log{"close transport error: poll connection closed prematurely"});
  CHECK(poll->count == 0);
  CHECK(poll->gone);
}

TEST_CASE("A POST brings the packets of a payload", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  CHECK(rig.post("4a\x1e"
                 "4caf\xC3\xA9\x1e"
                 "bAQID\x1e"
                 "4\xE2\x82\xAC") == kOk);
  CHECK(rig.host.log ==
        Log{"ascii a", "latin1 caf\xC3\xA9", "binary \x01\x02\x03", "utf16 \xE2\x82\xAC"});
  CHECK(rig.post("0\x1e"
                 "5\x1e"
                 "6") == kOk);
  CHECK(rig.host.log.size() == 4);
  CHECK_FALSE(rig.session.closed());
}

TEST_CASE("A POST that is not UTF-8 is mended", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  CHECK(rig.post("4a\xFF"
                 "b\x1e"
                 "4c") == kOk);
  CHECK(rig.host.log == Log{"utf16 a\xEF\xBF\xBD"
                            "b",
                            "ascii c"});
}

TEST_CASE("Nothing that a closing session is sent ends it early", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  rig.session.close(false, rig.now);
  CHECK(rig.post("x\x1e"
                 "4a") == kOk);
  CHECK(rig.host.log.empty());
  CHECK(*rig.poll() == answered(200,
                                "6\x1e"
                                "1"));
  CHECK(rig.host.log == Log{"close forced close"});
}

TEST_CASE("A form of JSONP hides characters beyond ASCII", "[session][polling]") {
  Rig rig("abcdefghij0123456789", {}, Dialect{.jsonp = "0"});
  rig.openPolling();
  rig.post("d=4%E2%82%AC%1E4%C3%A9%1E4a");
  CHECK(rig.host.log == Log{"utf16 \xE2\x82\xAC", "latin1 \xC3\xA9", "ascii a"});
}

TEST_CASE("A POST that is no payload ends the session, and is answered", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const auto poll = rig.poll();
  const std::string body = GENERATE("", "9", "x", "\x1e", "4a\x1e",
                                    "4a\x1e"
                                    "9\x1e"
                                    "4b");
  CHECK(rig.post(body) == kOk);
  CHECK(rig.host.log.back() == "close parse error");
  CHECK(rig.host.log.front() == (body.starts_with("4a") ? "ascii a" : "close parse error"));
  CHECK(*poll == answered(200, "1"));
}

TEST_CASE("A close packet ends the session with a noop for the poll", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const auto poll = rig.poll();
  CHECK(rig.post("4a\x1e"
                 "1\x1e"
                 "4b") == kOk);
  CHECK(rig.host.log == Log{"ascii a", "close transport close"});
  CHECK(*poll == answered(200, "6"));
}

TEST_CASE("A binary body is refused and ends the session", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  const auto poll = rig.poll();
  CHECK(rig.post("4a", "application/octet-stream") == answered(400));
  CHECK(rig.host.log == Log{"close transport error: invalid content"});
  CHECK(*poll == answered(200, "1"));
}

TEST_CASE("Another method is answered 500 and changes nothing", "[session][polling]") {
  Rig rig;
  rig.openPolling();
  std::shared_ptr<Answer> answer;
  rig.session.onOtherMethod(rig.exchange(answer));
  CHECK(*answer == answered(500));
  CHECK_FALSE(rig.session.closed());
}

TEST_CASE("A session that dies lets go of its poll", "[session][polling]") {
  std::shared_ptr<Answer> poll;
  {
    Rig rig;
    rig.openPolling();
    poll = rig.poll();
  }
  CHECK(poll->gone);
  CHECK(poll->count == 0);
}
