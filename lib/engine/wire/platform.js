/**
 * What runs us: the folder of prebuilds/ that has the binary for it, where `npm run pack` writes and
 * the loader reads, and whether it is Node.js.
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
    // Node's permission model refuses to read it. Only glibc has a version to tell.
    const { header } = /** @type {any} */ (process.report?.getReport() ?? {});
    return header !== undefined && header.glibcVersionRuntime === undefined;
  }
}

/** Whether this is Node.js itself, not one of those that imitate it: Bun, Deno. */
function isNode() {
  return !('bun' in process.versions || 'deno' in process.versions);
}

module.exports = { isNode, platformFolder };
