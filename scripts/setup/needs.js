'use strict';

/**
 * What the machine must offer, as a table: how to see that it is there, and which Debian package brings it.
 * Looking for the thing itself, not for its package, also accepts a tool that came another way.
 * Node core modules only.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { findHeader, findProgram } = require('../support/files');

/** Boost.Beast before 1.81 lacks fixes that the engine relies on. */
const OLDEST_BOOST = 108100;

/**
 * @typedef {object} Need
 * @property {string} name What a person calls it.
 * @property {string} debianPackage
 * @property {() => boolean} isMet
 */

/**
 * @param {string} program
 * @param {string} [debianPackage] When it is not named like the program.
 * @returns {Need}
 */
function programNeed(program, debianPackage = program) {
  return { name: program, debianPackage, isMet: () => findProgram(program) !== undefined };
}

/**
 * @param {string} header
 * @param {string} debianPackage
 * @returns {Need}
 */
function headerNeed(header, debianPackage) {
  return { name: `<${header}>`, debianPackage, isMet: () => findHeader(header) !== undefined };
}

/**
 * @param {string | undefined} versionHeader Path of boost/version.hpp.
 * @returns {boolean} Whether it belongs to a Boost that is new enough.
 */
function isBoostNewEnough(versionHeader) {
  if (versionHeader === undefined) return false;
  const version = /#define BOOST_VERSION (\d+)/.exec(fs.readFileSync(versionHeader, 'utf8'));
  return version !== null && Number(version[1]) >= OLDEST_BOOST;
}

/**
 * Debian 12's plain libboost-dev is 1.74; later releases have a new enough one and not this name.
 * @returns {string}
 */
function boostPackage() {
  try {
    const release = fs.readFileSync('/etc/os-release', 'utf8');
    return /^VERSION_CODENAME=bookworm$/m.test(release) ? 'libboost1.81-dev' : 'libboost-dev';
  } catch {
    return 'libboost-dev';
  }
}

/**
 * @param {string} name A package of Python's, as `import` names it.
 * @param {string} debianPackage
 * @returns {Need}
 */
function pythonNeed(name, debianPackage) {
  const folder = path.join('/usr/lib/python3/dist-packages', name);
  return { name: `Python's ${name}`, debianPackage, isMet: () => fs.existsSync(folder) };
}

/** @type {Need[]} What building the addon takes. */
const BUILD_NEEDS = [
  programNeed('g++'),
  programNeed('make'),
  programNeed('python3'),
  programNeed('ccache'),
  headerNeed('zlib.h', 'zlib1g-dev'),
  {
    name: 'Boost 1.81 or later',
    debianPackage: boostPackage(),
    isMet: () => isBoostNewEnough(findHeader('boost/version.hpp')),
  },
];

/** @type {Need[]} What the tests take on top of it. */
const TEST_NEEDS = [
  programNeed('git'),
  programNeed('clang++', 'clang'),
  programNeed('cmake'),
  programNeed('ninja', 'ninja-build'),
  programNeed('clang-format'),
  programNeed('clang-tidy'),
  programNeed('chromium'),
  programNeed('curl'),
  programNeed('doxygen'),
  programNeed('openssl'),
  programNeed('pkg-config', 'pkgconf'),
  programNeed('redis-server'),
  programNeed('setarch', 'util-linux'),
  headerNeed('catch2/catch.hpp', 'catch2'),
  headerNeed('nlohmann/json.hpp', 'nlohmann-json3-dev'),
  headerNeed('openssl/ssl.h', 'libssl-dev'),
  programNeed('valgrind'),
  pythonNeed('requests', 'python3-requests'),
  pythonNeed('socketio', 'python3-socketio'),
  pythonNeed('websocket', 'python3-websocket'),
  {
    name: 'a font for the browser',
    debianPackage: 'fonts-dejavu-core',
    isMet: () => fs.existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
  },
];

/** @type {Need[]} What the bench takes on top of what builds the addon. */
const BENCH_NEEDS = [
  headerNeed('openssl/ssl.h', 'libssl-dev'),
  programNeed('openssl'),
  programNeed('taskset', 'util-linux'),
];

/** @returns {boolean} Whether clang++ finds the library of its fuzzers. */
function hasFuzzerLibrary() {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const question = `-print-file-name=libclang_rt.fuzzer-${architecture}.a`;
  try {
    // It answers with a path, or with the bare name of what it does not find.
    return path.isAbsolute(execFileSync('clang++', [question], { encoding: 'utf8' }));
  } catch {
    return false;
  }
}

/** @type {Need[]} What the fuzzers take on top of what the tests do. */
const FUZZ_NEEDS = [
  programNeed('clang++', 'clang'),
  { name: 'libFuzzer', debianPackage: 'libclang-rt-dev', isMet: hasFuzzerLibrary },
];

module.exports = {
  BENCH_NEEDS,
  BUILD_NEEDS,
  FUZZ_NEEDS,
  OLDEST_BOOST,
  TEST_NEEDS,
  isBoostNewEnough,
  programNeed,
};
