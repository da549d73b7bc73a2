// Targets of requests and their queries.
#include "protocol/text/query-string.hpp"

#include "fuzz/support/target.hpp"
#include "protocol/text/utf8.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

void run(std::string_view input) {
  const auto [path, query] = splitTarget(input);
  promise(isWithin(path, input) && isWithin(query, input), "path and query lie within");
  const QueryString pairs(query);
  for (const auto* name : {"EIO", "transport", "sid", "a", "d", ""}) {
    const auto value = pairs.get(name);
    promise(value.has_value() == pairs.has(name), "what is there can be had");
    if (!value) continue;
    // A byte that is not UTF-8 becomes U+FFFD, which has three.
    promise(value->size() <= 3 * input.size(), "a value is no longer than its query");
    promise(classifyUtf8(*value) != TextKind::kInvalid, "a value is UTF-8");
  }
}

const Registration kRegistration({"query-string", &run});

}  // namespace
}  // namespace beastio::fuzz
