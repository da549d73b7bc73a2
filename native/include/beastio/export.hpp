// What a shared library of beastio shows. A public class with functions or a vtable of the library,
// and a public function that is not inline, are declared with it.
#pragma once

/// Before the name of a class, or before a function: others than the library may link to it.
/// BEASTIO_SHARED is set for users of a shared library, by CMake and by pkg-config.
#ifdef BEASTIO_SHARED
#define BEASTIO_EXPORT __attribute__((visibility("default")))
#else
#define BEASTIO_EXPORT
#endif
