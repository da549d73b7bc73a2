/**
 * The application that every JavaScript server of the bench runs, so that they differ in nothing but
 * the Socket.IO server below it. Runs in a process of its own, started by support/cell.js: one line
 * of JSON on stdout says that it listens, and the end of stdin asks it to leave.
 */
'use strict';

const { createServer } = require('node:http');

/**
 * @typedef {object} Socket
 * @property {(event: string, listener: (value: unknown) => void) => void} on
 * @property {(event: string, value: unknown) => void} emit
 *
 * @typedef {object} Io what the application needs of a Socket.IO server
 * @property {(event: 'connection', listener: (socket: Socket) => void) => void} on
 * @property {(event: string, value: unknown) => void} emit
 */

/**
 * Serves the application on a free port of 127.0.0.1.
 * @param {new (httpServer: import('node:http').Server) => Io} Server the class under measurement
 * @param {Record<string, string>} versions of the packages that make up the server
 * @param {() => void} [check] called when the server listens; throws if it is not what it claims
 */
function serve(Server, versions, check) {
  const httpServer = createServer();
  const io = new Server(httpServer);

  io.on('connection', (socket) => {
    socket.on('echo', (value) => socket.emit('echo', value));
    socket.on('bcast', (value) => io.emit('bcast', value));
  });

  httpServer.listen(0, '127.0.0.1', () => {
    check?.();
    const { port } = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
    console.log(JSON.stringify({ port, versions: { node: process.versions.node, ...versions } }));
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}

module.exports = { serve };
