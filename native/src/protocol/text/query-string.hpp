// The path and the query of a request target. A query is decoded like Node's `querystring` ('+' is
// a space, a malformed percent sequence stays as it is).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beastio::protocol {

class QueryString {
 public:
  static constexpr std::size_t kMaxPairs =
      1000;  ///< as Node's `maxKeys`; further pairs are ignored

  /// `query` is what follows '?', without a fragment.
  explicit QueryString(std::string_view query);

  /// The value of `name`, the last one if it is given more than once; empty if it is missing.
  std::optional<std::string_view> get(std::string_view name) const;

  bool has(std::string_view name) const;

  /// All of them, in their order.
  std::vector<std::pair<std::string, std::string>> takePairs() { return std::move(pairs_); }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// A path with its percent sequences decoded; none if one is malformed.
std::optional<std::string> decodePath(std::string_view path);

/// Splits a request target at its first '?': path, and query without '?' and without '#…'.
std::pair<std::string_view, std::string_view> splitTarget(std::string_view target);

}  // namespace beastio::protocol
