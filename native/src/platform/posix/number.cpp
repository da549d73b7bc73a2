#include "platform/number.hpp"

#include <locale.h>
#include <stdlib.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

namespace beastio::platform {

double readDouble(const std::string& text) {
  static const locale_t kLocale = ::newlocale(LC_ALL_MASK, "C", nullptr);
  return ::strtod_l(text.c_str(), nullptr, kLocale);
}

}  // namespace beastio::platform
