#include "transport/http/request-line.hpp"

namespace beastio::transport {

RequestLineParts cutRequestLine(std::string_view line) {
  const auto first = line.find(' ');
  const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return {};
  const auto version = line.substr(second + 1);
  if (version.find(' ') != std::string_view::npos) return {};
  return {line.substr(0, first), line.substr(first + 1, second - first - 1), version};
}

}  // namespace beastio::transport
