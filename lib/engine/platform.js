/**
 * Names the folder of prebuilds/ that has the binary for the running platform: `npm run pack` writes
 * there and the loader reads there.
 */
'use strict';

const fs = require('node:fs');

/**
 * For example `linux-x64` (glibc), `linux-arm64-musl`, `darwin-arm64`.
 * @returns {string}
 */
function platformFolder() {
  const { platform, arch } = process;
  return platform === 'linux' && usesMusl() ? `${platform}-${arch}-musl` : `${platform}-${arch}`;
}

/**
 * Whether this process runs on musl's C library, as on Alpine. Asked and not tried out: a binary for
 * glibc may load where musl imitates it, and crash later.
 */
function usesMusl() {
  try {
    return fs.readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-');
  } catch {
    return false; // no /proc: take the usual one
  }
}

module.exports = { platformFolder };
