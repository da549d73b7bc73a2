'use strict';

/**
 * The one-direction rule (which room may use which) as a table, and the check that holds the code to it.
 * As a program it prints each violation as file:line and fails when there is one; it is a step of `npm test`.
 */

const path = require('node:path');
const { findAddonUses, findImports, findIncludes, leadsToAddon } = require('./checks/references');
const { classifyHeader } = require('./checks/headers');
const { listFiles } = require('./support/files');
const { TOP } = require('./support/processes');

/**
 * @typedef {import('./checks/references').Reference} Reference
 *
 * @typedef {object} NativeRoom
 * @property {string} folder Below native/.
 * @property {string[]} rooms Other rooms that it may include.
 * @property {import('./checks/headers').HeaderKind[]} headers Kinds of headers from elsewhere.
 *
 * @typedef {object} LibRoom
 * @property {string} folder Below lib/.
 * @property {string[]} rooms Other rooms that it may require.
 * @property {string[]} [packages] Packages that no other room may require.
 * @property {boolean} [addon] Whether it may load the addon.
 * @property {string} [beyond] The one folder outside of lib/ that it may require from.
 */

const PUBLIC = 'include/beastio';
const PROTOCOL = 'src/protocol';
const SESSION = 'src/session';
const TRANSPORT = 'src/transport';
const ENGINE = 'src/engine';
const NODE = 'node';
const TLS = 'tls';

/** @type {NativeRoom[]} */
const NATIVE_ROOMS = [
  { folder: PUBLIC, rooms: [], headers: ['standard', 'threads', 'clock'] },
  { folder: PROTOCOL, rooms: [PUBLIC], headers: ['standard', 'intrinsics', 'zlib'] },
  { folder: SESSION, rooms: [PUBLIC, PROTOCOL], headers: ['standard', 'clock'] },
  {
    folder: TRANSPORT,
    rooms: [PUBLIC, PROTOCOL, SESSION],
    headers: ['standard', 'threads', 'clock', 'system', 'boost', 'asio', 'beast'],
  },
  {
    folder: ENGINE,
    rooms: [PUBLIC, PROTOCOL, SESSION, TRANSPORT],
    headers: ['standard', 'threads', 'clock', 'system', 'boost', 'asio'],
  },
  { folder: TLS, rooms: [PUBLIC], headers: ['standard', 'openssl'] },
  {
    folder: NODE,
    rooms: [PUBLIC],
    // The system's for one call: it duplicates the descriptor of a socket that Node hands over.
    // libuv's for the handle by which I/O threads wake JavaScript.
    headers: ['standard', 'threads', 'clock', 'system', 'node-api', 'uv'],
  },
  { folder: 'tls-addon', rooms: [PUBLIC, NODE], headers: ['standard', 'clock', 'node-api'] },
];

/** @type {LibRoom[]} */
const LIB_ROOMS = [
  { folder: 'protocol', rooms: [] },
  { folder: 'engine', rooms: [], packages: ['engine.io', 'ws'], addon: true },
  { folder: 'rooms', rooms: ['protocol', 'engine'] },
  { folder: 'api', rooms: ['protocol', 'engine', 'rooms'] },
  // lib/index.js itself. It loads the classes that tools patch by the paths that they look for.
  { folder: '.', rooms: ['protocol', 'engine', 'rooms', 'api'], beyond: '../dist/' },
];

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
  const inFolder = rooms.find(({ folder }) => file.startsWith(`${folder}/`));
  return inFolder ?? (file.includes('/') ? undefined : rooms.find(({ folder }) => folder === '.'));
}

/**
 * @param {string} file Relative to native/.
 * @param {NativeRoom} room
 * @param {Reference} include
 * @param {Set<string>} files All files of native/.
 * @returns {string | undefined} What is wrong with the include.
 */
function judgeInclude(file, room, include, files) {
  const own = [path.dirname(file), '.', 'src', 'include']
    .map((directory) => path.posix.join(directory, include.target))
    .find((candidate) => files.has(candidate));
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
  return paths.flatMap((absolute) => {
    const relative = path.relative(root, absolute);
    const file = `native/${relative}`;
    const room = roomOf(NATIVE_ROOMS, relative);
    if (room === undefined) return [{ file, line: 1, message: 'lies in no room of native/' }];
    return findIncludes(absolute).flatMap((include) => {
      const message = judgeInclude(relative, room, include, files);
      return message === undefined ? [] : [{ file, line: include.line, message }];
    });
  });
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
  return listFiles(root, /\.(js|cjs|mjs)$/).flatMap((absolute) => {
    const relative = path.relative(root, absolute);
    const file = `lib/${relative}`;
    const room = roomOf(LIB_ROOMS, relative);
    if (room === undefined) return [{ file, line: 1, message: 'lies in no room of lib/' }];
    const addonUses = room.addon ? [] : findAddonUses(absolute);
    return [
      ...addonUses.map(({ line, target }) => ({
        file,
        line,
        message: `only lib/engine may touch the addon (${target})`,
      })),
      ...findImports(absolute).flatMap((reference) => {
        if (room.addon && leadsToAddon(reference.target)) return [];
        const message = judgeImport(relative, room, reference);
        return message === undefined ? [] : [{ file, line: reference.line, message }];
      }),
    ];
  });
}

/**
 * @param {string} [top] The folder that holds native/ and lib/.
 * @returns {Violation[]}
 */
function checkLayers(top = TOP) {
  return [...checkNative(top), ...checkLib(top)];
}

if (require.main === module) {
  const violations = checkLayers();
  for (const { file, line, message } of violations) console.log(`${file}:${line}: ${message}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

module.exports = { checkLayers };
