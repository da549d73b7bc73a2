// The entry point of beastio_tests, and nothing else. Catch's main is slow to compile, so this file
// is built once, as a separate object.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
