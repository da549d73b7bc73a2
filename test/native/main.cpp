// The entry point of beastio_tests, and nothing else: Catch's own main is slow to compile, so this
// file is built once, as an object of its own.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
