// A connection that speaks HTTP, in pieces: what its router hears of is bounded, and in the end the
// connection is gone.
#include "fuzz/support/dice.hpp"
#include "fuzz/support/target.hpp"
#include "transport/http/http-rig.hpp"

namespace beastio::fuzz {
namespace {

constexpr std::size_t kMaxBodyBytes = 5000;

EngineOptions smallOptions() {
  EngineOptions options;
  options.maxHttpBufferSize = kMaxBodyBytes;
  return options;
}

void run(std::string_view input) {
  transport::test::HttpRig rig(smallOptions());
  rig.takesStream = false;
  rig.start();
  for (const auto part : Dice(input).cut(input)) {
    if (!rig.peer.send(part)) break;
    rig.turn();
    rig.peer.available();
  }
  promise(rig.last.body.size() <= kMaxBodyBytes, "a limit holds");
  rig.peer.close();
  rig.turn();
  promise(rig.gone, "a connection without its client is gone");
}

const Registration kRegistration({"http", &run, 1000});

}  // namespace
}  // namespace beastio::fuzz
