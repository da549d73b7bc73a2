// HTTP/1.1 responses as the servers of the bench write them: with a length, or in chunks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace load {

struct HttpResponse {
  int status = 0;
  std::string body;
  std::size_t size = 0;  // of the whole response in bytes
};

/// The response at the head of `bytes`, or nothing while it is incomplete.
/// Errors: a LoadError for anything else than a response with one of the two kinds of body.
std::optional<HttpResponse> parseResponse(std::string_view bytes);

}  // namespace load
