// The header of the Socket.IO packets that the addon hands over: what was read lies within it.
#include "protocol/socketio/socketio-header.hpp"

#include "fuzz/support/target.hpp"

namespace beastio::fuzz {
namespace {

using namespace protocol;

void run(std::string_view input) {
  promise(nameBeforeString(input) < input.size() || input.empty(), "a name is shorter");
  const auto header = parseSocketioHeader(input);
  if (!header) return;
  promise(isWithin(header->nsp, input), "a namespace lies within");
  promise(header->id >= SocketioHeader::kNoId, "an id is none, or not negative");
  promise(header->payloadOffset < input.size() && input[header->payloadOffset] == '[',
          "a payload is an array");
}

const Registration kRegistration({"socketio-header", &run});

}  // namespace
}  // namespace beastio::fuzz
