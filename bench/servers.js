/**
 * The table of servers. A new peer is a program and a row. The program serves the application of
 * servers/application.js, prints `{"port": …, "versions": {…}}` when it listens, and leaves when its stdin
 * ends.
 */
'use strict';

const path = require('node:path');

/**
 * @typedef {'polling' | 'tls' | 'deflate' | 'rooms' | 'heartbeats'} Feature what a scenario may ask for beyond
 *   WebSocket over TCP
 *
 * @typedef {object} BenchServer
 * @property {string} name as on the command line
 * @property {string} title as in the tables
 * @property {'ours' | 'node' | 'bun' | 'raw' | 'limit'} kind ours; peers that serve Socket.IO, by what
 *   they run on; what does not
 * @property {'node' | 'bun' | 'cpp' | 'limit'} runtime that runs `program`
 * @property {string} program in servers/; the way of handlers in C++ (cpp/main.cpp); nothing for the limit, a program
 *   by itself
 * @property {'eiows' | 'bun' | '@socket.io/bun-engine'} [peer] the package of peers/ it cannot do without
 * @property {Partial<Record<Feature, string>>} [lacks] what it cannot serve, and why
 * @property {boolean} [quick] whether `--quick` measures it
 */

/** The server that ratios are told against. */
const BASELINE = 'socketio';

/** The server that no implementation of the protocol can beat. */
const LIMIT = 'limit';

const BY_HAND = 'speaks just enough of the protocol';

/** @type {readonly BenchServer[]} */
const SERVERS = [
  {
    name: 'socketio',
    title: 'socket.io + ws',
    kind: 'node',
    runtime: 'node',
    program: 'socketio.js',
    quick: true,
  },
  {
    name: 'beastio',
    title: 'beast.io, attached to http',
    kind: 'ours',
    runtime: 'node',
    program: 'beastio.js',
    quick: true,
  },
  {
    name: 'beastio-port',
    title: 'beast.io, new Server(port)',
    kind: 'ours',
    runtime: 'node',
    program: 'beastio-port.js',
    quick: true,
  },
  {
    name: 'beastio-engine',
    title: "socket.io on beast.io's engine",
    kind: 'ours',
    runtime: 'node',
    program: 'beastio-engine.js',
  },
  {
    name: 'cpp',
    title: "beast.io's server in C++",
    kind: 'ours',
    runtime: 'cpp',
    program: 'typed',
  },
  {
    name: 'cpp-raw',
    title: 'the same, JSON passed on unread',
    kind: 'ours',
    runtime: 'cpp',
    program: 'raw',
  },
  {
    name: 'mixed',
    title: 'new Server(port), echoes in C++',
    kind: 'ours',
    runtime: 'node',
    program: 'mixed.js',
  },
  {
    name: 'eiows',
    title: 'socket.io + eiows',
    kind: 'node',
    runtime: 'node',
    program: 'eiows.js',
    peer: 'eiows',
    lacks: { tls: "built without Node's source, which only GitHub has" },
    quick: true,
  },
  {
    name: 'bun',
    title: 'Bun + socket.io',
    kind: 'bun',
    runtime: 'bun',
    program: 'socketio.js',
    peer: 'bun',
  },
  {
    name: 'bun-engine',
    title: 'Bun + @socket.io/bun-engine',
    kind: 'bun',
    runtime: 'bun',
    program: 'bun-engine.js',
    peer: '@socket.io/bun-engine',
    lacks: { deflate: 'has no such option' },
    quick: true,
  },
  {
    name: 'ws',
    title: 'raw ws, no Socket.IO',
    kind: 'raw',
    runtime: 'node',
    program: 'raw-ws.js',
    lacks: { polling: BY_HAND, rooms: BY_HAND, heartbeats: BY_HAND },
  },
  {
    name: LIMIT,
    title: 'the limit: raw epoll, C++ only',
    kind: 'limit',
    runtime: 'limit',
    program: '',
    lacks: {
      polling: BY_HAND,
      rooms: BY_HAND,
      tls: BY_HAND,
      deflate: BY_HAND,
      heartbeats: BY_HAND,
    },
    quick: true,
  },
];

/** Peers that nobody can install from npm, told of in the report beside those that are absent. */
const NOT_ON_NPM = [
  'socket.io + uWebSockets.js: uWebSockets.js is distributed by GitHub only, not by the npm registry',
];

/**
 * What starts a server.
 * @param {BenchServer} server
 * @param {Programs} programs
 * @param {ServerSettings} settings
 * @returns {string[]} program and arguments
 *
 * @typedef {{ bun: string, cpp: string, limit: string }} Programs paths of executables other than Node
 * @typedef {object} ServerSettings what the scenario asks for
 * @property {{ key: string, cert: string }} [tls] files in PEM format
 * @property {boolean} deflate whether permessage-deflate is on
 * @property {Record<string, number>} [options] further ones of a Socket.IO server
 */
function commandOf({ runtime, program }, { bun, cpp, limit }, settings) {
  if (runtime === 'limit') return [limit];
  if (runtime === 'cpp') return [cpp, program, JSON.stringify(settings)];
  const executable = runtime === 'bun' ? bun : process.execPath;
  return [executable, path.join(__dirname, 'servers', program), JSON.stringify(settings)];
}

/**
 * @param {BenchServer} server
 * @param {import('./scenarios').Scenario} scenario
 * @returns {string | undefined} why the server cannot serve the scenario, when it cannot
 */
function whyNot({ lacks = {} }, { needs = [] }) {
  return needs.map((feature) => lacks[feature]).find((reason) => reason !== undefined);
}

module.exports = { BASELINE, LIMIT, NOT_ON_NPM, SERVERS, commandOf, whyNot };
