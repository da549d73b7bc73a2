'use strict';

/**
 * Builds the addon's files for a target, as the set-up builds them for this machine: by binding.gyp, with its flags. Only
 * the compiler is another one. A copy of the sources is built for each target, and keeps its objects.
 */

const fs = require('node:fs');
const path = require('node:path');
const { unpackedSource } = require('./debian');
const { CACHE, ZIG, ZIG_ENV } = require('./places');
const { findHeader, listFiles } = require('../support/files');
const { copyChanged } = require('../support/copies');
const { zigLibraries } = require('./macos/libraries');
const { OLDEST_MACOS } = require('./targets');
const { TOP, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/** @typedef {import('./targets').Target} Target */

const COMPILER = path.join(__dirname, 'compiler.sh');
const MACOS_LINKER = path.join(__dirname, 'macos/linker.sh');
const EXPORTS = path.join(__dirname, 'exports.map');
const MACOS_EXPORTS = path.join(__dirname, 'macos/exports.txt');
const ADDON_FILES = ['beastio.node', 'beastio-tls.node'];
/** What the build reads. */
const FOLDERS = ['native', 'scripts', 'lib/engine/wire'];
const FILES = ['binding.gyp', 'package.json'];

const FLAGS = [
  // Its std::rotl and std::rotr take an unsigned number, where the standard says int.
  '-Wno-sign-conversion',
];

/**
 * @param {Target} target
 * @returns {NodeJS.ProcessEnv} by which compiler.sh compiles for it
 */
function compilerEnv({ zig }) {
  return { ...ZIG_ENV, BEASTIO_ZIG: ZIG, BEASTIO_TARGET: zig };
}

/**
 * zlib, to be linked into the addon.
 *
 * @param {Target} target
 * @returns {Promise<{ library: string, headers: string }>} folders
 */
async function zlibFor(target) {
  const sources = await unpackedSource('zlib');
  const library = path.join(CACHE, target.name, 'zlib');
  const headers = path.join(CACHE, 'include');
  fs.mkdirSync(library, { recursive: true });
  fs.mkdirSync(headers, { recursive: true });
  for (const name of ['zlib.h', 'zconf.h']) {
    fs.copyFileSync(path.join(sources, name), path.join(headers, name));
  }
  if (fs.existsSync(path.join(library, 'libz.a'))) return { library, headers };
  const names = fs.readdirSync(sources).filter((name) => name.endsWith('.c'));
  const flags = ['-O2', '-fPIC', '-fvisibility=hidden', '-DHAVE_UNISTD_H', '-w', '-c'];
  const env = { ...compilerEnv(target), BEASTIO_LANGUAGE: 'cc' };
  const objects = names.map((name) => name.replace(/c$/, 'o'));
  /** @type {[string, string[]][]} */
  const commands = names.map((name, index) => [
    COMPILER,
    [...flags, path.join(sources, name), '-o', objects[index]],
  ]);
  commands.push([ZIG, ['ar', 'rcs', 'libz.a', ...objects]]);
  for (const [command, args] of commands) {
    const { code, output } = await run(command, args, { cwd: library, env });
    if (code !== 0) throw new SetUpError(`${output}\nCompiling zlib failed.`);
  }
  return { library, headers };
}

/**
 * @param {Target} target
 * @param {string} zlib the folder of its library
 * @returns {Promise<NodeJS.ProcessEnv>} how its files are linked
 */
async function linkerEnv(target, zlib) {
  if (target.platform === 'linux') {
    return { LDFLAGS: `-L${zlib} -s -Wl,--version-script=${EXPORTS}` };
  }
  const libraries = await zigLibraries(target);
  return {
    LINK: MACOS_LINKER,
    LDFLAGS: `-L${zlib}`,
    BEASTIO_ARCH: target.arch === 'x64' ? 'x86_64' : 'arm64',
    BEASTIO_MACOS: OLDEST_MACOS,
    BEASTIO_EXPORTS: MACOS_EXPORTS,
    BEASTIO_LIBRARIES: libraries.join(' '),
  };
}

/**
 * Boost's headers are the same for every machine. They are reached by a link, as the folder that they lie in has this
 * machine's C library too.
 *
 * @param {string} headers a folder
 */
function linkBoost(headers) {
  const link = path.join(headers, 'boost');
  const header = /** @type {string} */ (findHeader('boost/version.hpp'));
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.dirname(header), link);
}

/**
 * Brings the copy of the sources up to date.
 * @param {string} copy
 */
function copySources(copy) {
  const files = FOLDERS.flatMap((folder) => listFiles(path.join(TOP, folder), /./));
  const names = [...FILES, ...files.map((file) => path.relative(TOP, file))];
  for (const folder of FOLDERS) {
    for (const file of listFiles(path.join(copy, folder), /./)) {
      if (!names.includes(path.relative(copy, file))) fs.rmSync(file);
    }
  }
  copyChanged(names, copy);
}

/**
 * Order: after the set-up and the tools.
 * Errors: throws a SetUpError; the compiler has shown its reasons by then.
 *
 * @param {Target} target
 * @returns {Promise<string[]>} the files
 */
async function build(target) {
  const { library, headers } = await zlibFor(target);
  linkBoost(headers);
  const copy = path.join(CACHE, target.name, 'sources');
  copySources(copy);
  // Boost tells the places of its headers.
  const ownHeaders = [`-fmacro-prefix-map=${headers}=/usr/include`, '-isystem', headers];
  const env = {
    ...compilerEnv(target),
    CXX: COMPILER,
    AR: `${ZIG} ar`,
    CXXFLAGS: [...FLAGS, ...ownHeaders].join(' '),
    ...(await linkerEnv(target, library)),
    npm_config_arch: target.arch,
    npm_config_platform: target.platform,
    CCACHE_DISABLE: '1', // zig has its own
  };
  const script = "require('./scripts/setup/addon').buildAddon()";
  const { code } = await run(process.execPath, ['-e', script], { cwd: copy, env, output: 'show' });
  if (code !== 0) throw new SetUpError(`The build for ${target.name} failed.`);
  return ADDON_FILES.map((name) => path.join(copy, 'build/Release', name));
}

module.exports = { ADDON_FILES, COMPILER, build, compilerEnv };
