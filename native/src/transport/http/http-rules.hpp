// What a request must be beyond what Beast's parser checks. Beast 345 (Boost 1.81) accepts requests
// that Node refuses, and each of them can smuggle another one past a proxy. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

#include "transport/beast/http.hpp"

namespace beastio::transport {

/// The status that a request must be refused with, judging by its header; 0: it is in order.
/// `raw` is the header as it was sent.
int judgeHeader(const beast::http::request_header<>& header, std::string_view raw,
                std::size_t maxFields);

}  // namespace beastio::transport
