#!/bin/sh
# zig as a compiler of one target, for makefiles: BEASTIO_ZIG is the program, BEASTIO_TARGET the target. An option that
# its linker does not know is left out: zig hides what is in its libraries anyway, and zlib is compiled hidden.
for argument; do
  shift
  [ "$argument" = -Wl,--exclude-libs,ALL ] || set -- "$@" "$argument"
done
exec "$BEASTIO_ZIG" "${BEASTIO_LANGUAGE:-c++}" -target "$BEASTIO_TARGET" "$@"
