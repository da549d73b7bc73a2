// The entry point of libFuzzer for the one target that the program was linked with.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/support/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), count);
  beastio::fuzz::targets().front().run(input);  // a promise that it breaks ends the program
  return 0;
}
