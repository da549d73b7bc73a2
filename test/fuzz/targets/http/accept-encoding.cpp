// Which compression of HTTP a client likes best.
#include "fuzz/support/target.hpp"
#include "protocol/http/http-compression.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

void run(std::string_view input) {
  const auto coding = chooseCoding(input);
  promise(toString(coding).empty() == (coding == ContentCoding::kNone), "a coding has a name");
}

const Registration kRegistration({"accept-encoding", &run});

}  // namespace
}  // namespace beastio::fuzz
