// The header of a request, read where it stands: its first line, its fields, and the query of its
// target. What comes in is the raw header of OwnRequest or HttpRequest. Pure functions; none of
// them throws, whatever the bytes.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beastio/export.hpp"

namespace beastio {

/// The first line of a request, "GET /chat/?room=1 HTTP/1.1". Lifetime: of the header.
struct RequestLine {
  std::string_view method{};  ///< "GET"
  std::string_view target{};  ///< path and query
  std::string_view path{};    ///< still with its percent signs
  std::string_view query{};   ///< behind the first '?', without a fragment
};

/// Empty parts if the line is none.
BEASTIO_EXPORT RequestLine requestLineOf(std::string_view header);

/// One line of a header. Lifetime: of the header.
struct HeaderField {
  std::string_view name{};   ///< as the client has written it
  std::string_view value{};  ///< without the blanks around it
};

/// All fields of a header, in their order: `for (const auto& [name, value] :
/// HeaderFields(header))`.
class BEASTIO_EXPORT HeaderFields {
 public:
  /// A forward iterator over the fields.
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;  ///< of the standard library
    using value_type = HeaderField;                       ///< what it shows
    using difference_type = std::ptrdiff_t;               ///< of the standard library
    using pointer = const HeaderField*;                   ///< to what it shows
    using reference = const HeaderField&;                 ///< to what it shows

    Iterator() = default;
    /// At the first field of `lines`.
    explicit Iterator(std::string_view lines) : rest_(lines) { ++*this; }

    /// The field.
    reference operator*() const { return field_; }
    /// The field.
    pointer operator->() const { return &field_; }
    /// To the next field.
    Iterator& operator++();
    /// To the next field.
    Iterator operator++(int) {
      auto before = *this;
      ++*this;
      return before;
    }
    /// Whether they are at the same field.
    friend bool operator==(const Iterator& one, const Iterator& other) {
      return one.field_.name.data() == other.field_.name.data();
    }

   private:
    HeaderField field_{};      // without a name: the end
    std::string_view rest_{};  // behind it
  };

  /// `header`: from the first line of a request on. Lifetime: the header outlives it.
  explicit HeaderFields(std::string_view header);

  /// At the first field.
  Iterator begin() const { return Iterator(lines_); }
  /// Behind the last field.
  static Iterator end() { return {}; }

 private:
  std::string_view lines_;  // behind the first one
};

/// Whether two field names are the same: letters match in either case.
BEASTIO_EXPORT bool isSameField(std::string_view one, std::string_view other);

/// The value of the first field of that name; empty if there is none. Letters match in either case.
BEASTIO_EXPORT std::string_view headerValue(std::string_view header, std::string_view name);

/// The values of all fields of that name as Node's `request.headers` has them. They are joined by
/// ", ", cookies by "; ". Of fields that may stand only once, the first counts.
BEASTIO_EXPORT std::string joinedHeaderValue(std::string_view header, std::string_view name);

/// The decoded value of a query parameter, the last one if there are several; empty if there is
/// none. A '+' is a blank. What is no UTF-8 becomes U+FFFD. `target`: path and query.
BEASTIO_EXPORT std::string queryValue(std::string_view target, std::string_view name);

/// All parameters of a query, decoded, in their order; at most the first 1000.
BEASTIO_EXPORT std::vector<std::pair<std::string, std::string>> queryPairs(std::string_view target);

}  // namespace beastio
