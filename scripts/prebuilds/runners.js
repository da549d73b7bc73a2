'use strict';

/**
 * How a Node for a target is run on this machine, which is Linux on x64 with glibc. For arm64 there is qemu, and
 * musl has its own loader. There is no Node for musl in npm, so it is one for glibc: glibc-on-musl.c has what it misses.
 */

const fs = require('node:fs');
const path = require('node:path');
const { COMPILER, compilerEnv } = require('./build');
const { unpackedPackage } = require('./debian');
const { CACHE, NODE_ARM64 } = require('./places');
const { run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/** @typedef {import('./targets').Target} Target */

/** Where Debian's packages for cross compilers have the libraries of arm64. */
const ARM64_ROOT = '/usr/aarch64-linux-gnu';

const LIBRARIES = {
  x64: ['/usr/lib/x86_64-linux-gnu/libstdc++.so.6', '/lib/x86_64-linux-gnu/libgcc_s.so.1'],
  arm64: [`${ARM64_ROOT}/lib/libstdc++.so.6`, `${ARM64_ROOT}/lib/libgcc_s.so.1`],
};
/** musl loads them as parts of itself, except this one. */
const GLIBC_LOADER = { x64: 'ld-linux-x86-64.so.2', arm64: 'ld-linux-aarch64.so.1' };

/**
 * Makes a folder with the libraries that Node needs besides musl.
 *
 * @param {Target} target
 * @returns {Promise<{ folder: string, stand: string }>} and what stands for glibc
 */
async function librariesFor(target) {
  const folder = path.join(CACHE, target.name, 'libraries');
  const stand = path.join(folder, GLIBC_LOADER[target.arch]);
  fs.mkdirSync(folder, { recursive: true });
  for (const file of LIBRARIES[target.arch]) {
    fs.copyFileSync(fs.realpathSync(file), path.join(folder, path.basename(file)));
  }
  const source = path.join(__dirname, 'glibc-on-musl.c');
  const warnings = ['-Wall', '-Wextra', '-Werror'];
  const args = ['-shared', '-fPIC', '-O1', ...warnings, `-Wl,-soname=${path.basename(stand)}`];
  const env = { ...compilerEnv(target), BEASTIO_LANGUAGE: 'cc' };
  const { code, output } = await run(COMPILER, [...args, '-o', stand, source], { env });
  if (code !== 0) throw new SetUpError(output);
  return { folder, stand };
}

/**
 * Order: after the tools are there.
 * Errors: throws a SetUpError that says what is missing.
 *
 * @param {Target} target
 * @returns {Promise<string[]>} the words of a command that ends where the script is to be named
 */
async function nodeFor(target) {
  const node = target.arch === 'arm64' ? NODE_ARM64 : process.execPath;
  const emulator = target.arch === 'arm64' ? ['qemu-aarch64', '-L', ARM64_ROOT] : [];
  if (target.libc === 'glibc') return [...emulator, node];
  const musl = await unpackedPackage('musl', target.arch);
  const { folder, stand } = await librariesFor(target);
  const loader = path.join(musl, 'lib', target.muslLoader);
  return [...emulator, loader, '--preload', stand, '--library-path', folder, node];
}

module.exports = { ARM64_ROOT, nodeFor };
