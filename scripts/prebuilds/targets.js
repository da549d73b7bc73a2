'use strict';

/** The platforms that `npm run prebuilds` makes files for, by the names of their folders in prebuilds/. */

/**
 * @typedef {object} Target
 * @property {string} name that of its folder
 * @property {'x64' | 'arm64'} arch as Node names it
 * @property {'glibc' | 'musl'} libc
 * @property {string} zig as zig names it; with the glibc that is asked for
 * @property {string} machine as readelf names it
 * @property {string} muslLoader its name on this architecture
 */

/** That of RHEL 8, and the oldest that Node 20 runs with. */
const OLDEST_GLIBC = '2.28';

const ARCHITECTURES = /** @type {const} */ ({
  x64: { zig: 'x86_64', machine: 'Advanced Micro Devices X86-64' },
  arm64: { zig: 'aarch64', machine: 'AArch64' },
});

/**
 * @param {'x64' | 'arm64'} arch
 * @param {'glibc' | 'musl'} libc
 * @returns {Target}
 */
function targetOf(arch, libc) {
  const { zig, machine } = ARCHITECTURES[arch];
  return {
    name: libc === 'musl' ? `linux-${arch}-musl` : `linux-${arch}`,
    arch,
    libc,
    zig: `${zig}-linux-${libc === 'musl' ? 'musl' : `gnu.${OLDEST_GLIBC}`}`,
    machine,
    muslLoader: `ld-musl-${zig}.so.1`,
  };
}

const TARGETS = [
  targetOf('x64', 'glibc'),
  targetOf('arm64', 'glibc'),
  targetOf('x64', 'musl'),
  targetOf('arm64', 'musl'),
];

module.exports = { OLDEST_GLIBC, TARGETS };
