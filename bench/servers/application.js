/**
 * The application that every JavaScript server of the bench runs, so that they differ in nothing but the
 * Socket.IO server below it. Runs in a separate process, started by support/cell.js. The scenario's settings
 * come as JSON in argv. One line of JSON on stdout says that it listens. The end of stdin asks it to leave,
 * and SIGUSR2 to collect garbage.
 */
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const v8 = require('node:v8');
const vm = require('node:vm');

/**
 * @typedef {object} Socket
 * @property {(event: string, listener: (...args: any[]) => void) => void} on
 * @property {(event: string, ...args: unknown[]) => void} emit
 * @property {(room: string) => void} join
 *
 * @typedef {object} Emitter
 * @property {(event: string, value: unknown) => void} emit
 *
 * @typedef {object} Namespace
 * @property {(event: 'connection', listener: (socket: Socket) => void) => void} on
 *
 * @typedef {Namespace & Emitter & { of: (name: string) => Namespace, to: (room: string) => Emitter }} Io
 *   what the application needs of a Socket.IO server
 */

/** Besides the main one; the load generator joins the first ones of them where a scenario says so. */
const NAMESPACES = ['/n1', '/n2', '/n3'];

/** @type {import('../servers').ServerSettings} */
const SETTINGS = JSON.parse(process.argv[2] ?? '{"deflate":false}');

/** The options that the settings ask of every Socket.IO server. */
const OPTIONS = { perMessageDeflate: SETTINGS.deflate, ...SETTINGS.options };

/** @param {Socket} socket */
function serveEcho(socket) {
  socket.on('echo', (value) => socket.emit('echo', value));
  socket.on('ack', (value, reply) => reply(value));
}

/** @param {Io} io */
function install(io) {
  io.on('connection', (socket) => {
    serveEcho(socket);
    socket.on('bcast', (value) => io.emit('bcast', value));
    socket.on('join', (room) => {
      socket.join(room);
      socket.emit('joined');
    });
    socket.on('room', (room, value) => io.to(room).emit('room', value));
  });
  for (const name of NAMESPACES) io.of(name).on('connection', serveEcho);
}

/** @returns {{ key: Buffer, cert: Buffer } | undefined} what TLS needs, where the settings ask for it */
function secrets() {
  const { tls } = SETTINGS;
  return tls && { key: fs.readFileSync(tls.key), cert: fs.readFileSync(tls.cert) };
}

/** @returns {http.Server} not listening yet */
function createHttpServer() {
  const tls = secrets();
  return tls ? https.createServer(tls) : http.createServer();
}

/**
 * Puts a server on a free port of 127.0.0.1.
 * @param {http.Server} server
 * @param {() => void} done
 */
function listen(server, done) {
  server.listen(0, '127.0.0.1', done);
}

/**
 * Tells the bench that the server listens, and serves its process.
 * @param {number} port
 * @param {Record<string, string>} versions of the packages that make up the server
 */
function announce(port, versions) {
  const { bun, node } = process.versions;
  const runtime = bun ? { bun } : { node };
  process.on('SIGUSR2', collectGarbage);
  process.stdin.on('end', () => process.exit(0)).resume();
  console.log(JSON.stringify({ port, versions: { ...runtime, ...versions } }));
}

function collectGarbage() {
  const { Bun } = /** @type {any} */ (globalThis);
  if (Bun) {
    Bun.gc(true);
    return;
  }
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
}

/**
 * Serves the application, attached to Node's HTTP server.
 * @param {(httpServer: http.Server, options: object) => Io} createIo makes the server under measurement
 * @param {Record<string, string>} versions
 * @param {() => void} [check] called when the server listens; throws if it is not what it claims
 */
function serve(createIo, versions, check) {
  const httpServer = createHttpServer();
  install(createIo(httpServer, OPTIONS));
  listen(httpServer, () => {
    check?.();
    announce(portOf(httpServer), versions);
  });
}

/** @param {http.Server} server */
function portOf(server) {
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

module.exports = { OPTIONS, SETTINGS, announce, createHttpServer, install, portOf, secrets, serve };
