'use strict';

/**
 * Holds the code to its rules. A room uses those that checks/rooms.js lets it use. No files use each other in a
 * circle. No file and no folder is too large to be read. An edit of a public header compiles few sources. As a program
 * it prints each violation as file:line; it is a step of `npm test`.
 */

const path = require('node:path');
const { findAddonUses, findImports, findIncludes, leadsToAddon } = require('./checks/references');
const { classifyHeader } = require('./checks/includes/headers');
const { LIB_ROOMS, NATIVE_ROOMS } = require('./checks/rooms');
const { findCircles } = require('./checks/circles');
const { findFarReaching } = require('./checks/includes/reach');
const { findLarge } = require('./checks/sizes');
const { listFiles } = require('./support/files');
const { TOP } = require('./support/processes');

/**
 * @typedef {import('./checks/references').Reference} Reference
 * @typedef {import('./checks/rooms').NativeRoom} NativeRoom
 * @typedef {import('./checks/rooms').LibRoom} LibRoom
 */

/**
 * @typedef {object} Violation
 * @property {string} file Relative to the top of the repository.
 * @property {number} line
 * @property {string} message
 */

/**
 * @template {{ folder: string }} Room
 * @param {Room[]} rooms
 * @param {string} file Relative to the folder that the rooms are in.
 * @returns {Room | undefined} The room that the file lies in.
 */
function roomOf(rooms, file) {
  const around = rooms.filter(({ folder }) => `${file}/`.startsWith(`${folder}/`));
  if (around.length > 0)
    return around.reduce((a, b) => (a.folder.length > b.folder.length ? a : b));
  return file.includes('/') ? undefined : rooms.find(({ folder }) => folder === '.');
}

/**
 * @param {string} file Relative to native/.
 * @param {string} target As written.
 * @param {Set<string>} files All files of native/.
 * @returns {string | undefined} The file of native/ that the include means.
 */
function includedFile(file, target, files) {
  return [path.dirname(file), '.', 'src', 'include']
    .map((directory) => path.posix.join(directory, target))
    .find((candidate) => files.has(candidate));
}

/**
 * @param {string} file Relative to native/.
 * @param {NativeRoom} room
 * @param {Reference} include
 * @param {Set<string>} files All files of native/.
 * @returns {string | undefined} What is wrong with the include.
 */
function judgeInclude(file, room, include, files) {
  const own = includedFile(file, include.target, files);
  if (own !== undefined) {
    const other = roomOf(NATIVE_ROOMS, own);
    const allowed = other === room || (other !== undefined && room.rooms.includes(other.folder));
    return allowed ? undefined : `native/${room.folder} may not include native/${own}`;
  }
  const kind = classifyHeader(include.target);
  if (kind !== undefined && room.headers.includes(kind)) return undefined;
  return `native/${room.folder} may not include <${include.target}> (${kind ?? 'unknown header'})`;
}

/**
 * @param {string} top
 * @returns {Violation[]}
 */
function checkNative(top) {
  const root = path.join(top, 'native');
  const paths = listFiles(root, /\.(cpp|hpp|h)$/);
  const files = new Set(paths.map((file) => path.relative(root, file)));
  /** @type {Map<string, (Reference & { file: string })[]>} */
  const uses = new Map();
  const violations = paths.flatMap((absolute) => {
    const relative = path.relative(root, absolute);
    const file = `native/${relative}`;
    const room = roomOf(NATIVE_ROOMS, relative);
    if (room === undefined) return [{ file, line: 1, message: 'lies in no room of native/' }];
    const includes = findIncludes(absolute);
    uses.set(
      file,
      includes.flatMap((include) => {
        const included = includedFile(relative, include.target, files);
        return included === undefined ? [] : [{ ...include, file: `native/${included}` }];
      }),
    );
    return includes.flatMap((include) => {
      const message = judgeInclude(relative, room, include, files);
      return message === undefined ? [] : [{ file, line: include.line, message }];
    });
  });
  return [...violations, ...findCircles(uses), ...findFarReaching(uses)];
}

/**
 * @param {string} file Relative to lib/.
 * @param {LibRoom} room
 * @param {Reference} reference
 * @returns {string | undefined} What is wrong with the require or import.
 */
function judgeImport(file, room, reference) {
  const { target } = reference;
  if (!target.startsWith('.')) {
    const keeper = LIB_ROOMS.find(({ packages = [] }) =>
      packages.some((name) => target === name || target.startsWith(`${name}/`)),
    );
    if (keeper === undefined || keeper === room) return undefined;
    return `only lib/${keeper.folder} may require ${target}`;
  }
  const own = path.posix.join(path.dirname(file), target);
  if (own === '../package.json' || (room.beyond && own.startsWith(room.beyond))) return undefined;
  if (own.startsWith('..')) return `lib may not require ${target}, which is outside of it`;
  // `require('../engine')` names the folder, `require('../engine/socket')` a file in it.
  const other = roomOf(LIB_ROOMS, `${own}/`) ?? roomOf(LIB_ROOMS, own);
  const allowed = other === room || (other !== undefined && room.rooms.includes(other.folder));
  return allowed ? undefined : `lib/${room.folder} may not require lib/${own}`;
}

/**
 * @param {string} top
 * @returns {Violation[]}
 */
function checkLib(top) {
  const root = path.join(top, 'lib');
  const paths = listFiles(root, /\.(js|cjs|mjs)$/);
  const files = new Set(paths.map((file) => path.relative(root, file)));
  /** @type {Map<string, (Reference & { file: string })[]>} */
  const uses = new Map();
  const violations = paths.flatMap((absolute) => {
    const relative = path.relative(root, absolute);
    const file = `lib/${relative}`;
    const room = roomOf(LIB_ROOMS, relative);
    if (room === undefined) return [{ file, line: 1, message: 'lies in no room of lib/' }];
    const addonUses = room.addon ? [] : findAddonUses(absolute);
    const imports = findImports(absolute);
    uses.set(
      file,
      imports.flatMap((reference) => {
        const target = path.posix.join(path.dirname(relative), reference.target);
        const used = [target, `${target}.js`, `${target}/index.js`].find((name) => files.has(name));
        return used === undefined ? [] : [{ ...reference, file: `lib/${used}` }];
      }),
    );
    return [
      ...addonUses.map(({ line, target }) => ({
        file,
        line,
        message: `only lib/engine/wire may touch the addon (${target})`,
      })),
      ...imports.flatMap((reference) => {
        if (room.addon && leadsToAddon(reference.target)) return [];
        const message = judgeImport(relative, room, reference);
        return message === undefined ? [] : [{ file, line: reference.line, message }];
      }),
    ];
  });
  return [...violations, ...findCircles(uses)];
}

/**
 * @param {string} [top] The folder that holds native/ and lib/.
 * @returns {Violation[]}
 */
function checkLayers(top = TOP) {
  return [...checkNative(top), ...checkLib(top), ...findLarge(top)];
}

if (require.main === module) {
  const violations = checkLayers();
  for (const { file, line, message } of violations) console.log(`${file}:${line}: ${message}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

module.exports = { checkLayers };
