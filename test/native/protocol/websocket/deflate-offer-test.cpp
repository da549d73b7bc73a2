// Offers of permessage-deflate. Every expected answer and refusal was given by ws 8.23.
#include "protocol/websocket/deflate-offer.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace beastio::protocol;
using namespace std::string_literals;

namespace {

const std::string kName = "permessage-deflate";
const std::string kRefused = "refused";
const std::string kNone = "none";

constexpr WindowBitsOption kRefuse{WindowBitsOption::Kind::kRefused};
constexpr WindowBitsOption bits(std::uint8_t number) {
  return {WindowBitsOption::Kind::kFixed, number};
}

/// The answer to `header`, or one of the two words above.
std::string answer(const std::string& header, const DeflateOptions& options = {}) {
  const DeflateNegotiation negotiation = negotiateDeflate(header, options);
  switch (negotiation.outcome) {
    case DeflateNegotiation::Outcome::kNotOffered:
      CHECK(negotiation.answer.empty());
      return kNone;
    case DeflateNegotiation::Outcome::kRefused:
      CHECK(negotiation.answer.empty());
      return kRefused;
    case DeflateNegotiation::Outcome::kAccepted:
      break;
  }
  return negotiation.answer;
}

DeflateParameters agreed(const std::string& header, const DeflateOptions& options = {}) {
  return negotiateDeflate(header, options).parameters;
}

}  // namespace

TEST_CASE("negotiateDeflate grants what is offered, in the order of the offer", "[deflate-offer]") {
  CHECK(answer(kName) == kName);
  CHECK(answer(kName + "; client_max_window_bits") == kName);
  CHECK(answer(kName + "; client_max_window_bits=10") == kName + "; client_max_window_bits=10");
  const std::string all = kName +
                          "; server_max_window_bits=9; client_no_context_takeover; "
                          "client_max_window_bits=8; server_no_context_takeover";
  CHECK(answer(all) == all);

  CHECK(agreed(kName + "; client_max_window_bits") == DeflateParameters{});
  CHECK(agreed(all) == DeflateParameters{.serverNoContextTakeover = true,
                                         .clientNoContextTakeover = true,
                                         .serverWindowBits = 9,
                                         .clientWindowBits = 8});
}

TEST_CASE("negotiateDeflate adds what the options demand", "[deflate-offer]") {
  const DeflateOptions noContext{.serverNoContextTakeover = true, .clientNoContextTakeover = true};
  CHECK(answer(kName + "; client_max_window_bits", noContext) ==
        kName + "; server_no_context_takeover; client_no_context_takeover");
  CHECK(answer(kName + "; server_max_window_bits=10; server_no_context_takeover", noContext) ==
        kName +
            "; server_max_window_bits=10; server_no_context_takeover; client_no_context_takeover");
  CHECK(agreed(kName, noContext) ==
        DeflateParameters{.serverNoContextTakeover = true, .clientNoContextTakeover = true});

  const DeflateOptions server10{.serverMaxWindowBits = bits(10)};
  CHECK(answer(kName, server10) == kName + "; server_max_window_bits=10");
  CHECK(answer(kName + "; server_max_window_bits=15; client_max_window_bits", server10) ==
        kName + "; server_max_window_bits=10");
  CHECK(answer(kName + "; server_max_window_bits=10", server10) ==
        kName + "; server_max_window_bits=10");
  CHECK(answer(kName + "; server_max_window_bits=9", server10) == kRefused);
  CHECK(agreed(kName, server10).serverWindowBits == 10);

  const DeflateOptions client10{.clientMaxWindowBits = bits(10)};
  CHECK(answer(kName, client10) == kRefused);
  CHECK(answer(kName + "; client_max_window_bits", client10) ==
        kName + "; client_max_window_bits=10");
  CHECK(answer(kName + "; client_max_window_bits=10; server_max_window_bits=12", client10) ==
        kName + "; client_max_window_bits=10; server_max_window_bits=12");
  CHECK(answer(kName + "; client_max_window_bits=9", client10) == kRefused);
  CHECK(agreed(kName + "; client_max_window_bits", client10).clientWindowBits == 10);
}

TEST_CASE("negotiateDeflate refuses what the options exclude", "[deflate-offer]") {
  const DeflateOptions takeover{.serverNoContextTakeover = false};
  CHECK(answer(kName + "; server_no_context_takeover", takeover) == kRefused);
  CHECK(answer(kName, takeover) == kName);

  const DeflateOptions noServerBits{.serverMaxWindowBits = kRefuse};
  CHECK(answer(kName + "; server_max_window_bits=15", noServerBits) == kRefused);
  CHECK(answer(kName + "; client_max_window_bits", noServerBits) == kName);

  const DeflateOptions noClientBits{.clientMaxWindowBits = kRefuse};
  const std::string both = kName + "; client_max_window_bits=12; server_max_window_bits=12";
  CHECK(answer(both, noClientBits) == kName + "; server_max_window_bits=12");
  CHECK(agreed(both, noClientBits).clientWindowBits == 15);
}

TEST_CASE("negotiateDeflate chooses the first acceptable offer", "[deflate-offer]") {
  const DeflateOptions takeover{.serverNoContextTakeover = false};
  CHECK(answer(kName + "; server_no_context_takeover, " + kName, takeover) == kName);
  CHECK(answer(kName + "; server_max_window_bits=9, " + kName + "; client_max_window_bits=11, " +
                   kName,
               {.serverMaxWindowBits = bits(10)}) ==
        kName + "; client_max_window_bits=11; server_max_window_bits=10");
  CHECK(answer("foo; a=1, " + kName + "; server_max_window_bits=8, bar, " + kName) ==
        kName + "; server_max_window_bits=8");
  CHECK(answer(kName + "; server_no_context_takeover, " + kName + "; server_no_context_takeover",
               takeover) == kRefused);
}

TEST_CASE("negotiateDeflate passes over other extensions", "[deflate-offer]") {
  CHECK(answer("x-webkit-deflate-frame") == kNone);
  CHECK(answer("Permessage-Deflate") == kNone);
  CHECK(answer("foo; a; a=1; b=\"x\\y\", bar") == kNone);
  CHECK(answer("foo,bar;baz , \tqux") == kNone);
}

TEST_CASE("negotiateDeflate reads quotes, escapes and blanks", "[deflate-offer]") {
  const std::string answer10 = kName + "; server_max_window_bits=10";
  CHECK(answer(kName + "; server_max_window_bits=\"1\\0\"") == answer10);
  CHECK(answer(kName + "; server_max_window_bits=\"\\1\\0\"") == answer10);
  CHECK(answer(kName + " \t; server_max_window_bits=\"10\" ,\tfoo") == answer10);
  CHECK(answer(kName + ";server_max_window_bits=010") == answer10);
}

TEST_CASE("negotiateDeflate refuses invalid parameters", "[deflate-offer]") {
  for (const std::string& parameter :
       {"server_max_window_bits"s, "server_max_window_bits=7"s, "server_max_window_bits=16"s,
        "server_max_window_bits=264"s, "server_max_window_bits=-8"s, "server_max_window_bits=8x"s,
        "client_max_window_bits=7"s, "client_max_window_bits=16"s, "client_max_window_bits=true"s,
        "server_no_context_takeover=1"s, "client_no_context_takeover=true"s, "x"s, "x=1"s,
        "Server_No_Context_Takeover"s, "server_no_context_takeover; server_no_context_takeover"s,
        "client_max_window_bits; client_max_window_bits=10"s,
        "server_max_window_bits=10; server_max_window_bits=10"s}) {
    CAPTURE(parameter);
    CHECK(answer(kName + "; " + parameter) == kRefused);
    // Nor does a good offer before or behind it help.
    CHECK(answer(kName + ", " + kName + "; " + parameter) == kRefused);
    CHECK(answer(kName + "; " + parameter + ", " + kName) == kRefused);
  }
  for (int number = 8; number <= 15; ++number) {
    const std::string offer = kName + "; server_max_window_bits=" + std::to_string(number) +
                              "; client_max_window_bits=" + std::to_string(number);
    CHECK(answer(offer) == offer);
  }
}

TEST_CASE("negotiateDeflate refuses malformed headers, whatever they offer", "[deflate-offer]") {
  const std::vector<std::string> malformed = {"",
                                              " ",
                                              ",",
                                              ";",
                                              "=a",
                                              "a ",
                                              "a\t",
                                              "a,",
                                              "a;",
                                              "a;;",
                                              "a; ;",
                                              ", a",
                                              "a,,a",
                                              "a b",
                                              "a;b c",
                                              "a;b =c",
                                              "a;b= c",
                                              "a;b=",
                                              "a;b=,c",
                                              "a;=c",
                                              R"(a;b="")",
                                              R"(a;b="c)",
                                              R"(a;b="c\")",
                                              R"(a;b="c\)",
                                              R"(a;b="c d")",
                                              R"(a;b="c"d)",
                                              R"(a;b=c"d")",
                                              R"(a;b="\ ")",
                                              "a=b",
                                              R"("a")",
                                              "a\x01",
                                              "\xC3\xA9",
                                              "a\0"s,
                                              "a; x, {"};
  for (const std::string& header : malformed) {
    CAPTURE(header);
    CHECK(answer(header) == kRefused);
    CHECK(answer(kName + ", " + header) == kRefused);
  }
  CHECK(answer(" " + kName) == kRefused);
  CHECK(answer("\t" + kName) == kRefused);
  CHECK(answer(std::string(16'000, ',')) == kRefused);
  CHECK(answer("a" + std::string(16'000, ';')) == kRefused);
}
