#!/bin/sh
# lld as the linker of macOS, for makefiles that are written for Linux: of their arguments it takes the objects, the
# libraries and the output. BEASTIO_ARCH is the processor, BEASTIO_MACOS the oldest system, BEASTIO_EXPORTS what the file
# shows, and BEASTIO_LIBRARIES are zig's. What Node has is found when the file is loaded.
folder=. output=
inputs=
while [ $# -gt 0 ]; do
  case $1 in
    -o) output=$2; shift ;;
    -L*) folder=${1#-L} ;;
    -l:*) inputs="$inputs $folder/${1#-l:}" ;;
    *.o | *.a) inputs="$inputs $1" ;;
  esac
  shift
done
# shellcheck disable=SC2086 # they are lists, of paths without spaces
lld -flavor darwin -bundle -arch "$BEASTIO_ARCH" -platform_version macos "$BEASTIO_MACOS" "$BEASTIO_MACOS" \
  -undefined dynamic_lookup -dead_strip -exported_symbols_list "$BEASTIO_EXPORTS" \
  -o "$output" $inputs $BEASTIO_LIBRARIES &&
  llvm-strip -x "$output"
