// Our reader of decimal numbers beside std::from_chars: both read the same numbers to the same end.
#include "protocol/text/decimal.hpp"

#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <charconv>
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <system_error>

using beastio::protocol::readDecimalByHand;

namespace {

struct Reading {
  std::ptrdiff_t length = 0;
  std::errc error{};
  std::uint64_t bits = 0;

  friend bool operator==(const Reading&, const Reading&) = default;
};

using Reader = std::from_chars_result (*)(const char*, const char*, double&);

Reading read(Reader reader, const std::string& text) {
  double number = 4.25;
  const auto [end, error] = reader(text.data(), text.data() + text.size(), number);
  return {end - text.data(), error, std::bit_cast<std::uint64_t>(number)};
}

std::from_chars_result readByStandard(const char* first, const char* last, double& out) {
  return std::from_chars(first, last, out);
}

void expectSame(const std::string& text) {
  INFO(text);
  const Reading ours = read(readDecimalByHand, text);
  const Reading theirs = read(readByStandard, text);
  CHECK(ours.length == theirs.length);
  CHECK(ours.error == theirs.error);
  CHECK(ours.bits == theirs.bits);
}

}  // namespace

TEST_CASE("decimal: it stops where std::from_chars does") {
  const auto text = GENERATE("", "-", ".", "-.", "0", "-0", "00", "1", "-1", "1.", ".5", "-.5",
                             "1.5", "1,5", "1.5.5", "1e", "1e+", "1e-", "1e5", "1E5", "1e+5",
                             "1e-5", "1.e5", ".e5", "e5", "+1", " 1", "1 ", "--1", "0x10", "1e5e5",
                             "1e5.5", "12ab", "1e 5", "0e0", "-0e99999999999", "0.0e-99999999999");
  expectSame(text);
}

TEST_CASE("decimal: numbers at the borders of doubles") {
  const auto text =
      GENERATE("9007199254740992", "9007199254740993", "9007199254740991e22", "9007199254740993e-3",
               "123456789012345678901234567890", "0.1", "0.30000000000000004", "1e22", "1e23",
               "1e-22", "1e-23", "1.7976931348623157e308", "1.7976931348623159e308", "1e309",
               "-1e309", "1e99999999999999999999", "1e-99999999999999999999",
               "4.9406564584124654e-324", "5e-324", "2e-324", "-2e-324", "2.2250738585072011e-308",
               "2.2250738585072014e-308", "0.000000000000000000000000000000000000000000001e45",
               "17976931348623158079372897140530341507993413271003782693617377898044496829276475094"
               "6649017977"
               "58720709633028641669288791094655554785194040263065748867150582068190890200070838367"
               "6273854845"
               "81771153176447573027006985557136695962284291481986083493647529271907416844436551070"
               "4342711559"
               "699508093042880177904174497791");
  expectSame(text);
}

TEST_CASE("decimal: numbers at random") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20'000; ++round) {
    const double number = std::bit_cast<double>(random());
    std::array<char, 64> text{};
    const int digits = static_cast<int>(random() % 20);
    std::snprintf(text.data(), text.size(), "%.*e", digits, number);
    if (text[0] != 'i' && text[0] != 'n' && text[1] != 'i' && text[1] != 'n') {
      expectSame(text.data());
    }
    std::snprintf(text.data(), text.size(), "%.*f", digits,
                  static_cast<double>(random() % 1'000'000'000) / 1000.0);
    expectSame(text.data());
  }
}

TEST_CASE("decimal: the locale of the process does not matter") {
  // Where no such locale is installed this says as much as the other cases.
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
  expectSame("0.12345678901234567890123");
  std::setlocale(LC_NUMERIC, before.c_str());
}
