'use strict';

/** What `npm run prebuilds` takes on top of what builds the addon. */

const fs = require('node:fs');
const { ARM64_ROOT } = require('./runners');
const { programNeed } = require('../setup/needs');

/** @type {import('../setup/needs').Need[]} */
const NEEDS = [
  programNeed('readelf', 'binutils'),
  programNeed('bzip2'),
  programNeed('openssl'),
  programNeed('qemu-aarch64', 'qemu-user'),
  // For macOS: the linker, and what reads its files.
  programNeed('lld'),
  programNeed('llvm-readobj', 'llvm'),
  {
    name: 'the C and C++ libraries of arm64',
    debianPackage: 'libstdc++6-arm64-cross',
    isMet: () => fs.existsSync(`${ARM64_ROOT}/lib/libstdc++.so.6`),
  },
];

module.exports = { NEEDS };
