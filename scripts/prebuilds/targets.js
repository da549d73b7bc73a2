'use strict';

/** The platforms that `npm run prebuilds` makes files for, by the names of their folders in prebuilds/. */

/**
 * @typedef {object} Target
 * @property {string} name that of its folder
 * @property {'linux' | 'darwin'} platform as Node names it
 * @property {'x64' | 'arm64'} arch as Node names it
 * @property {'glibc' | 'musl' | 'libSystem'} libc
 * @property {string} zig as zig names it; with the oldest version that is asked for
 * @property {string} machine as readelf names it, or llvm-readobj
 * @property {string} muslLoader its name on this architecture, for Linux
 * @property {boolean} isRun whether this machine can run a Node for it
 */

/** That of RHEL 8, and the oldest that Node 20 runs with. */
const OLDEST_GLIBC = '2.28';

/** The oldest that Node 22 runs with. */
const OLDEST_MACOS = '11.0';

const ARCHITECTURES = /** @type {const} */ ({
  x64: { zig: 'x86_64', elf: 'Advanced Micro Devices X86-64', macho: 'x86_64' },
  arm64: { zig: 'aarch64', elf: 'AArch64', macho: 'aarch64' },
});

/**
 * @param {'x64' | 'arm64'} arch
 * @param {'glibc' | 'musl'} libc
 * @returns {Target}
 */
function linuxOn(arch, libc) {
  const { zig, elf } = ARCHITECTURES[arch];
  return {
    name: libc === 'musl' ? `linux-${arch}-musl` : `linux-${arch}`,
    platform: 'linux',
    arch,
    libc,
    zig: `${zig}-linux-${libc === 'musl' ? 'musl' : `gnu.${OLDEST_GLIBC}`}`,
    machine: elf,
    muslLoader: `ld-musl-${zig}.so.1`,
    isRun: true,
  };
}

/**
 * @param {'x64' | 'arm64'} arch
 * @returns {Target}
 */
function macosOn(arch) {
  const { zig, macho } = ARCHITECTURES[arch];
  return {
    name: `darwin-${arch}`,
    platform: 'darwin',
    arch,
    libc: 'libSystem',
    zig: `${zig}-macos.${OLDEST_MACOS}`,
    machine: macho,
    muslLoader: '',
    isRun: false,
  };
}

const TARGETS = [
  linuxOn('x64', 'glibc'),
  linuxOn('arm64', 'glibc'),
  linuxOn('x64', 'musl'),
  linuxOn('arm64', 'musl'),
  macosOn('x64'),
  macosOn('arm64'),
];

module.exports = { OLDEST_GLIBC, OLDEST_MACOS, TARGETS };
