'use strict';

/**
 * The rooms of the code, from the lowest to the highest: each may use those that it names, which stand before it.
 * A file belongs to the deepest room whose folder it lies in. A file may be a room by itself.
 *
 * @typedef {object} NativeRoom
 * @property {string} folder Below native/.
 * @property {string[]} rooms Other rooms that it may include.
 * @property {import('./includes/headers').HeaderKind[]} headers Kinds of headers from elsewhere.
 *
 * @typedef {object} LibRoom
 * @property {string} folder Below lib/.
 * @property {string[]} rooms Other rooms that it may require.
 * @property {string[]} [packages] Packages that no other room may require.
 * @property {boolean} [addon] Whether it may load the addon.
 * @property {string} [beyond] The one folder outside of lib/ that it may require from.
 */

const PUBLIC = 'include/beastio';
const FOR_ADDONS = `${PUBLIC}/native`;
const BASE = 'src/base';
const PLATFORM = 'src/platform';
const CODECS = ['text', 'http', 'websocket', 'engineio', 'socketio'].map(
  (name) => `src/protocol/${name}`,
);
const [TEXT, HTTP, WEBSOCKET, ENGINEIO, SOCKETIO] = CODECS;
const SESSION = 'src/session';
const SENDING = `${SESSION}/sending`;
const LOOP = 'src/transport/loop';
const STREAM = 'src/transport/stream';
/** Boost, under another name. */
const BEAST = 'src/transport/beast';
const REGISTRY = 'src/engine/registry';
const DOORS = 'src/engine/doors';
const SHARED_BY_DOORS = `${DOORS}/shared`;
const PORT_DOOR = `${DOORS}/port`;
const COMMANDS = 'src/engine/commands';

/** @type {NativeRoom['headers']} */
const CODEC_HEADERS = ['standard', 'intrinsics', 'zlib'];
/** @type {NativeRoom['headers']} */
const IO_HEADERS = ['standard', 'threads', 'clock', 'system'];

const BELOW_DOORS = [
  ...[PUBLIC, ...CODECS, SESSION, LOOP, STREAM],
  ...['src/transport/http', 'src/transport/channel', REGISTRY],
];

/** @type {NativeRoom[]} */
const NATIVE_ROOMS = [
  { folder: PUBLIC, rooms: [], headers: ['standard', 'threads', 'clock'] },
  { folder: 'include/beastio/json', rooms: [PUBLIC], headers: ['standard', 'boost', 'nlohmann'] },
  { folder: FOR_ADDONS, rooms: [PUBLIC], headers: ['standard', 'threads', 'clock'] },
  {
    folder: `${FOR_ADDONS}.hpp`,
    rooms: [PUBLIC, FOR_ADDONS],
    headers: ['standard', 'threads', 'clock', 'node-api'],
  },
  { folder: BASE, rooms: [], headers: ['standard', 'threads'] },
  { folder: PLATFORM, rooms: [], headers: ['standard', 'clock', 'system'] },
  { folder: TEXT, rooms: [PUBLIC, PLATFORM], headers: CODEC_HEADERS },
  { folder: HTTP, rooms: [PUBLIC, TEXT], headers: CODEC_HEADERS },
  { folder: WEBSOCKET, rooms: [PUBLIC, TEXT], headers: CODEC_HEADERS },
  { folder: ENGINEIO, rooms: [PUBLIC, TEXT], headers: CODEC_HEADERS },
  { folder: SOCKETIO, rooms: [PUBLIC, TEXT], headers: CODEC_HEADERS },
  { folder: 'src/files', rooms: [PUBLIC, TEXT, HTTP], headers: ['standard', 'clock', 'system'] },
  { folder: SENDING, rooms: [], headers: ['standard', 'clock'] },
  {
    folder: SESSION,
    rooms: [PUBLIC, BASE, TEXT, WEBSOCKET, ENGINEIO, SOCKETIO, SENDING],
    headers: ['standard', 'clock'],
  },
  { folder: LOOP, rooms: [PUBLIC, BASE, PLATFORM, TEXT, WEBSOCKET, SESSION], headers: IO_HEADERS },
  { folder: STREAM, rooms: [PUBLIC, PLATFORM, TEXT, SESSION, LOOP], headers: IO_HEADERS },
  { folder: BEAST, rooms: [], headers: ['boost'] },
  {
    folder: 'src/transport/http',
    rooms: [PUBLIC, TEXT, HTTP, WEBSOCKET, SESSION, LOOP, STREAM, BEAST],
    headers: IO_HEADERS,
  },
  {
    folder: 'src/transport/channel',
    rooms: [PUBLIC, TEXT, WEBSOCKET, ENGINEIO, SESSION, LOOP, STREAM],
    headers: IO_HEADERS,
  },
  { folder: REGISTRY, rooms: [PUBLIC, BASE, PLATFORM, SESSION], headers: IO_HEADERS },
  { folder: SHARED_BY_DOORS, rooms: BELOW_DOORS, headers: IO_HEADERS },
  { folder: PORT_DOOR, rooms: [...BELOW_DOORS, SHARED_BY_DOORS], headers: IO_HEADERS },
  { folder: DOORS, rooms: [...BELOW_DOORS, SHARED_BY_DOORS, PORT_DOOR], headers: IO_HEADERS },
  { folder: COMMANDS, rooms: [PUBLIC, REGISTRY], headers: IO_HEADERS },
  {
    folder: 'src/engine',
    rooms: [
      ...[PUBLIC, BASE, PLATFORM, ...CODECS, SESSION, LOOP, STREAM, 'src/transport/http'],
      ...[REGISTRY, SHARED_BY_DOORS, PORT_DOOR, DOORS, COMMANDS],
    ],
    headers: IO_HEADERS,
  },
  {
    folder: 'src/socketio',
    rooms: [PUBLIC, PLATFORM, TEXT, SOCKETIO],
    headers: ['standard', 'threads', 'clock', 'system'],
  },
  { folder: 'tls', rooms: [PUBLIC], headers: ['standard', 'openssl'] },
  {
    folder: 'node',
    rooms: [PUBLIC],
    // That of the system is for one call: it duplicates the descriptor of a socket that Node hands over.
    // That of libuv is for the handle by which I/O threads wake JavaScript.
    headers: ['standard', 'threads', 'clock', 'system', 'node-api', 'uv'],
  },
  { folder: 'tls-addon', rooms: [PUBLIC, 'node'], headers: ['standard', 'clock', 'node-api'] },
];

const LOW = ['errors', 'engine/http', 'engine/wire', 'engine/base'];
const API_BASE = ['errors', 'protocol', 'api/base'];

/** @type {LibRoom[]} */
const LIB_ROOMS = [
  { folder: 'errors', rooms: [] },
  { folder: 'options', rooms: [] },
  { folder: 'protocol', rooms: [] },
  { folder: 'engine/http', rooms: ['errors'] },
  { folder: 'engine/wire', rooms: ['errors'], addon: true },
  { folder: 'engine/base', rooms: ['options', 'engine/http', 'engine/wire'] },
  { folder: 'engine/session', rooms: LOW },
  { folder: 'engine/pipeline', rooms: [...LOW, 'engine/session'] },
  { folder: 'engine/attached', rooms: [...LOW, 'engine/session'] },
  {
    folder: 'engine/port',
    rooms: [...LOW, 'engine/session', 'engine/pipeline', 'engine/attached'],
  },
  {
    folder: 'engine',
    rooms: [...LOW, 'engine/session', 'engine/pipeline', 'engine/attached', 'engine/port'],
    packages: ['engine.io', 'ws'],
  },
  { folder: 'rooms', rooms: ['protocol', 'engine'] },
  { folder: 'api/base', rooms: ['protocol'] },
  { folder: 'api/broadcasts', rooms: API_BASE },
  { folder: 'api/clients/wires', rooms: ['protocol'] },
  { folder: 'api/clients', rooms: [...API_BASE, 'api/clients/wires'] },
  { folder: 'api/sockets', rooms: [...API_BASE, 'api/broadcasts', 'api/clients'] },
  {
    folder: 'api/namespaces',
    rooms: [...API_BASE, 'rooms', 'api/broadcasts', 'api/sockets'],
  },
  { folder: 'api/native', rooms: ['errors', 'protocol', 'rooms', 'api/broadcasts', 'api/sockets'] },
  {
    folder: 'api/server',
    rooms: [
      ...[...API_BASE, 'rooms', 'api/clients', 'api/namespaces', 'api/native'],
      ...['options', 'engine', 'engine/http', 'engine/wire'],
    ],
  },
  { folder: 'metrics', rooms: [] },
  // lib/index.js itself. It loads the classes that tools patch by the paths that they look for.
  { folder: '.', rooms: ['api/namespaces', 'api/server', 'metrics'], beyond: '../dist/' },
];

module.exports = { LIB_ROOMS, NATIVE_ROOMS };
