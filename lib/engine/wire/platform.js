/**
 * What runs us: the folder of prebuilds/ that has the binary for it, where `npm run pack` writes and
 * the loader reads, and whether it is Node.js.
 */
'use strict';

const fs = require('node:fs');

/**
 * musl's loader and its C library are one file, which has either name. In Alpine it is the first, elsewhere the second,
 * and a link is named like the first. glibc's library is called libc.so.6.
 */
const MUSL_FILE = /\/(?:ld-musl-[^/\n]*|libc\.so)(?: \(deleted\))?$/m;

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
    return hasMusl(fs.readFileSync('/proc/self/maps', 'latin1'));
  } catch {
    // Node's permission model refuses to read it. Only glibc has a version to tell.
    const { header } = /** @type {any} */ (process.report?.getReport() ?? {});
    return header !== undefined && header.glibcVersionRuntime === undefined;
  }
}

/**
 * @param {string} maps of a process, as Linux lists them
 */
function hasMusl(maps) {
  return MUSL_FILE.test(maps);
}

/** Whether this is Node.js itself, not one of those that imitate it: Bun, Deno. */
function isNode() {
  return !('bun' in process.versions || 'deno' in process.versions);
}

module.exports = { hasMusl, isNode, platformFolder };
