/**
 * The server whose JavaScript scripts/checks/script-instructions.js has callgrind count: it echoes
 * and acknowledges. Prints its port, and leaves when its stdin ends.
 */
'use strict';

const { createServer } = require('node:http');
const { Server } = require('../..');

const httpServer = createServer();
const io = new Server(httpServer, { ioThreads: 1, ioDriver: 'threads', pingInterval: 3_600_000 });

io.on('connection', (socket) => {
  socket.on('echo', (value) => socket.emit('echo', value));
});

httpServer.listen(0, '127.0.0.1', () => {
  console.log(/** @type {import('node:net').AddressInfo} */ (httpServer.address()).port);
});
process.stdin.on('end', () => process.exit(0)).resume();
