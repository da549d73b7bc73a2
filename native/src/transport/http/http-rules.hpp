// What a request must be beyond what Beast's parser checks. Beast 345 (Boost 1.81) accepts requests
// that Node refuses, and each of them can smuggle another one past a proxy. Pure functions.
#pragma once

#include <boost/beast/http/message.hpp>
#include <cstddef>
#include <string_view>

namespace beastio::transport {

struct RequestLineParts {
  std::string_view method{};
  std::string_view target{};
  std::string_view version{};  ///< "HTTP/1.1"
};

/// Cuts a request's first line, without its CRLF. Empty parts if it has not exactly three.
RequestLineParts cutRequestLine(std::string_view line);

/// The status that a request must be refused with, judging by its header; 0: it is in order.
/// `raw` is the header as it was sent.
int judgeHeader(const boost::beast::http::request_header<>& header, std::string_view raw,
                std::size_t maxFields);

}  // namespace beastio::transport
