#include "transport/loop/http-date.hpp"

#include <cstdio>

namespace beastio::transport {
namespace {

constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string_view HttpDate::now() {
  const auto second = std::time(nullptr);
  if (second != second_) {
    second_ = second;
    std::tm utc{};
    ::gmtime_r(&second, &utc);
    const auto at = [](const auto& names, int index) {
      return names[static_cast<std::size_t>(index)];
    };
    std::snprintf(text_.data(), text_.size(), "%s, %02u %s %04u %02u:%02u:%02u GMT",
                  at(kDays, utc.tm_wday), static_cast<unsigned>(utc.tm_mday) % 100U,
                  at(kMonths, utc.tm_mon), static_cast<unsigned>(utc.tm_year + 1900) % 10000U,
                  static_cast<unsigned>(utc.tm_hour) % 100U,
                  static_cast<unsigned>(utc.tm_min) % 100U,
                  static_cast<unsigned>(utc.tm_sec) % 100U);
  }
  return {text_.data(), kLength};
}

}  // namespace beastio::transport
