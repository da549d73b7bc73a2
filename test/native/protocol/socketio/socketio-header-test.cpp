// The Socket.IO packet header: what is recognised natively, and what is left to socket.io-parser.
#include "protocol/socketio/socketio-header.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace beastio::protocol;

TEST_CASE("parseSocketioHeader reads events and acknowledgements", "[socketio]") {
  struct Case {
    std::string_view text;
    SocketioHeader::Type type;
    std::string_view nsp;
    std::int32_t id;
    std::string_view payload;
  };
  using enum SocketioHeader::Type;
  constexpr std::int32_t kNone = SocketioHeader::kNoId;
  const auto expected = GENERATE_COPY(values<Case>({
      {"2[\"a\"]", kEvent, "", kNone, "[\"a\"]"},
      {"2[", kEvent, "", kNone, "["},
      {"20[\"a\"]", kEvent, "", 0, "[\"a\"]"},
      {"217[\"a\",1]", kEvent, "", 17, "[\"a\",1]"},
      {"22147483647[]", kEvent, "", 2'147'483'647, "[]"},
      {"2/,[1]", kEvent, "", kNone, "[1]"},
      {"2/,5[1]", kEvent, "", 5, "[1]"},
      {"2/chat,[\"a\"]", kEvent, "/chat", kNone, "[\"a\"]"},
      {"2/chat,3[\"a,b\"]", kEvent, "/chat", 3, "[\"a,b\"]"},
      {"2/a/b[c],12[]", kEvent, "/a/b[c]", 12, "[]"},
      {"2/d\xC3\xA9j\xC3\xA0,[]", kEvent, "/d\xC3\xA9j\xC3\xA0", kNone, "[]"},
      {"30[]", kAck, "", 0, "[]"},
      {"3/admin,456[\"ok\"]", kAck, "/admin", 456, "[\"ok\"]"},
  }));

  CAPTURE(expected.text);
  const auto header = parseSocketioHeader(expected.text);
  REQUIRE(header);
  CHECK(header->type == expected.type);
  CHECK(header->nsp == expected.nsp);
  CHECK(header->id == expected.id);
  CHECK(expected.text.substr(header->payloadOffset) == expected.payload);
}

TEST_CASE("parseSocketioHeader leaves everything else to socket.io-parser", "[socketio]") {
  const auto text = GENERATE(values<std::string_view>({
      "",
      "0",
      "0{\"token\":1}",
      "1",
      "4{\"message\":\"x\"}",
      "51-[\"a\",{\"_placeholder\":true,\"num\":0}]",
      "61-0[{\"_placeholder\":true,\"num\":0}]",
      "9[\"a\"]",
      "x[\"a\"]",
      "2",                   // no payload
      "21",                  //
      "2{\"a\":1}",          // not an array
      "2\"a\"",              //
      "2 [\"a\"]",           // Number(' ') is 0: the parser takes a space for a digit
      "21 [\"a\"]",          //
      "2-1[\"a\"]",          //
      "21.5[\"a\"]",         //
      "207[\"a\"]",          // leading zeros
      "200[\"a\"]",          //
      "22147483648[\"a\"]",  // over 2^31 - 1
      "29007199254740992[\"a\"]",
      "3[]",                     // ACK without id
      "3/chat,[]",               //
      "2/chat",                  // no comma
      "2/chat[\"a\"]",           //
      "2/chat,",                 //
      "2/chat?token=1,[\"a\"]",  // query
      "2/?a=b,[\"a\"]",          //
  }));
  CAPTURE(text);
  CHECK_FALSE(parseSocketioHeader(text));
}

TEST_CASE("parseSocketioHeader survives an id of many digits", "[socketio]") {
  CHECK_FALSE(parseSocketioHeader("2" + std::string(400, '9') + "[]"));
  CHECK_FALSE(parseSocketioHeader("2" + std::string(400, '0') + "[]"));
}

TEST_CASE("A client may miss events, and what is no packet of Socket.IO", "[socketio]") {
  for (const auto* text : {"2[\"a\"]", "2/nsp,[\"a\"]", "2/nsp?a=1,[]", "51-[\"a\"]", "510-/n,[]",
                           "", "hello", "{}", "[]", "2", "2/", "2/nsp", "5", "5-", "7"}) {
    INFO(text);
    CHECK(isMissable(text));
  }
  for (const auto* text : {"0", "0/nsp,{}", "1", "1/nsp,", "3", "37[]", "4{}", "61-7[]", "20[]",
                           "2/nsp,12[\"a\"]", "51-7[\"a\"]", "510-/n,7[]", "27", "5-7"}) {
    INFO(text);
    CHECK_FALSE(isMissable(text));
  }
}

TEST_CASE("attachmentsOf counts what follows", "[socketio]") {
  CHECK(attachmentsOf("51-[]") == 1);
  CHECK(attachmentsOf("610-/n,7[]") == 10);
  for (const auto* text : {"", "5", "5-", "51", "51[]", "2[\"51-\"]", "5x-", "599999999999-[]"}) {
    INFO(text);
    CHECK(attachmentsOf(text) == 0);
  }
}

TEST_CASE("nameBeforeString finds the name where name and string need no parsing", "[socketio]") {
  CHECK(nameBeforeString("[\"echo\",\"value\"]") == 4);
  CHECK(nameBeforeString("[\"a\",\"\"]") == 1);
  CHECK(nameBeforeString("[\"a\",\"d\xC3\xA9j\xC3\xA0, [x] {y}\"]") == 1);
}

TEST_CASE("nameBeforeString leaves every other array to a parser", "[socketio]") {
  const auto array = GENERATE(values<std::string_view>({
      "",
      "[",
      "[\"",
      "[]",
      "[\"a\"]",
      "[\"a\",\"]",
      "[\"a\",\"b\"",
      "[\"a\",\"b\"]]",
      "[\"a\",\"b\"] ",
      "[ \"a\",\"b\"]",
      "[\"a\", \"b\"]",
      "[\"a\",\"b\",\"c\"]",
      "[\"a\",1]",
      "[\"a\",[\"b\"]",
      "[1,\"b\"]",
      "[\"\",\"b\"]",
      "[\"a\\n\",\"b\"]",
      "[\"a\\\",\"b\"]",
      "[\"\xC3\xA9\",\"b\"]",  // not an ASCII name
      "[\"a\",\"b\\\"]",
      "[\"a\",\"b\\nc\"]",
      "[\"a\",\"b\nc\"]",  // not JSON at all
  }));
  CAPTURE(array);
  CHECK(nameBeforeString(array) == 0);
}

TEST_CASE("nameBeforeString takes no long names", "[socketio]") {
  CHECK(nameBeforeString("[\"" + std::string(255, 'n') + "\",\"b\"]") == 255);
  CHECK(nameBeforeString("[\"" + std::string(256, 'n') + "\",\"b\"]") == 0);
}
