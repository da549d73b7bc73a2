/**
 * Compiles the C++ programs of the bench, each when its sources have changed since the last time.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { chosenConfiguration } = require('../../lib/engine/wire/addon');
const { include } = require('../../lib/native');
const { findNodeHeaders } = require('../../scripts/setup/addon');
const { listFiles } = require('../../scripts/support/files');

const FLAGS = ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Wconversion', '-Werror'];

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} title for messages
 * @property {string} folder of its sources, where the compiler runs
 * @property {string} [suffix] of the file that is made
 * @property {string[]} libraries
 * @property {string[]} [flags]
 * @property {() => string[]} [others] further files that it is made from: sources and archives
 * @property {string[]} [headers] folders whose headers it includes
 */

/** @type {Program} */
const GENERATOR = {
  name: 'load',
  title: 'the load generator',
  folder: path.join(__dirname, '../load'),
  flags: ['-I.'],
  libraries: ['-lssl', '-lcrypto', '-lz'],
};

/** @type {Program} */
const LIMIT_SERVER = {
  name: 'limit',
  title: 'the raw epoll server',
  folder: path.join(__dirname, '../limit'),
  libraries: ['-lcrypto'],
};

const TOP = path.join(__dirname, '../..');

/** What handlers in C++ include. */
const HANDLER_HEADERS = [path.join(TOP, 'native/include'), path.join(TOP, 'bench/cpp')];

/**
 * Ours in C++, from the core that the addon was linked from. Order: after the addon was built.
 * @type {Program}
 */
const CPP_SERVER = {
  name: 'cpp',
  title: 'the Socket.IO server in C++',
  folder: path.join(__dirname, '../cpp'),
  flags: ['-DNDEBUG', `-I${TOP}/native/include`, `-I${TOP}/native`],
  libraries: ['-lssl', '-lcrypto', '-lz'],
  headers: HANDLER_HEADERS,
  others: () => [
    ...listFiles(path.join(TOP, 'native/tls'), /\.cpp$/),
    path.join(TOP, 'build', chosenConfiguration(), 'core.a'),
  ],
};

/** The addon with handlers in C++ for our server in Node. @type {Program} */
const MIXED_ADDON = {
  name: 'mixed',
  title: 'the addon with handlers in C++',
  folder: path.join(__dirname, '../mixed'),
  suffix: '.node',
  flags: [
    ...['-shared', '-fPIC', '-DNAPI_VERSION=8', `-I${include}`, `-I${TOP}/bench/cpp`],
    `-isystem${path.join(findNodeHeaders(), 'include/node')}`,
  ],
  libraries: [],
  headers: HANDLER_HEADERS,
};

/**
 * @param {Program} program
 * @returns {string} the hash of everything that decides what the compiler makes
 */
function fingerprint({ folder, libraries, flags = [], others, headers = [] }) {
  const words = [compiler(), ...FLAGS, ...flags, ...libraries];
  const hash = createHash('sha256').update(words.join(' '));
  for (const file of others?.() ?? []) hash.update(file).update(fs.readFileSync(file));
  for (const file of [folder, ...headers].flatMap((each) => listFiles(each, /./))) {
    hash.update(path.relative(folder, file)).update(fs.readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {Program} program
 * @param {string} cacheFolder
 * @param {(message: string) => void} say called before a compilation, which takes some seconds
 * @returns {string} the path of the executable. Errors: an Error with the compiler's output
 */
function buildProgram(program, cacheFolder, say) {
  if (process.platform !== 'linux') {
    throw new Error('the bench reads CPU counters of Linux and runs nowhere else');
  }
  const { name, title, folder, libraries, flags = [], others, suffix = '' } = program;
  const executable = path.join(cacheFolder, `${name}-${fingerprint(program)}${suffix}`);
  if (fs.existsSync(executable)) return executable;

  say(`compiling ${title}`);
  const own = listFiles(folder, /\.cpp$/);
  const inputs = [...own, ...(others?.() ?? [])];
  const unfinished = `${executable}.${process.pid}`;
  try {
    execFileSync(compiler(), [...FLAGS, ...flags, ...inputs, '-o', unfinished, ...libraries], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
  } catch (error) {
    const { stderr, message } = /** @type {Error & {stderr?: string}} */ (error);
    const words = `cannot compile ${title} with ${compiler()}\n${stderr || message}`;
    throw new Error(words, { cause: error });
  }
  fs.renameSync(unfinished, executable);
  return executable;
}

/** @returns {string} */
function compiler() {
  return process.env.CXX || 'g++';
}

/** @returns {string} name and version */
function compilerVersion() {
  const version = execFileSync(compiler(), ['-dumpfullversion'], { encoding: 'utf8' });
  return `${compiler()} ${version.trim()}`;
}

module.exports = {
  CPP_SERVER,
  GENERATOR,
  LIMIT_SERVER,
  MIXED_ADDON,
  buildProgram,
  compilerVersion,
};
