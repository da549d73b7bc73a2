#!/bin/sh
# Builds and runs a program as pkg-config says: pkg-config.sh COMPILER INSTALLED SOURCE FOLDER [--static]
set -eu
compiler=$1 installed=$2 source=$3 folder=$4
shift 4
PKG_CONFIG_PATH=$(dirname "$(find "$installed" -name beastio.pc)")
export PKG_CONFIG_PATH
program=$folder/pkg-config-$(basename "$source" .cpp)
packages="beastio beastio-tls"
[ "$(basename "$source")" = tls.cpp ] || packages=beastio
# The words of pkg-config are several arguments.
# shellcheck disable=SC2046,SC2086
"$compiler" -std=c++20 $(pkg-config --cflags $packages) "$source" -o "$program" \
  $(pkg-config --libs "$@" $packages)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir beastio) "$program"
