/**
 * The program of cluster.test.js: a primary with two workers, joined by @socket.io/sticky, and as many
 * Socket.IO servers. Argument: the module with the server. The test commands it through IPC.
 */
'use strict';

const cluster = require('node:cluster');
const http = require('node:http');
const sticky = require('@socket.io/sticky');

const WORKERS = 2;

function runPrimary() {
  cluster.setupPrimary({ serialization: 'advanced' }); // the first bytes of a connection are sent
  const server = http.createServer();
  sticky.setupPrimary(server, { loadBalancingMethod: 'round-robin' });
  let ready = 0;
  cluster.on('message', (_worker, message) => {
    if (message !== 'ready' || ++ready < WORKERS) return;
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      process.send?.({ port });
    });
  });
  for (let i = 0; i < WORKERS; i++) cluster.fork();
  process.on('message', (/** @type {{ kill: number }} */ { kill }) => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker?.process.pid === kill) worker.process.kill('SIGKILL');
    }
  });
  cluster.on('exit', () => process.send?.({ exited: true }));
  process.on('disconnect', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
    process.exit();
  });
}

/** @param {string} module */
function runWorker(module) {
  const { Server } = require(module);
  const io = new Server(http.createServer(), { maxHttpBufferSize: 1e6 });
  sticky.setupWorker(io);
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('who', (/** @type {any} */ data, /** @type {any} */ ack) => {
      ack({ pid: process.pid, transport: socket.conn.transport.name, data });
    });
    socket.on('bye', () => socket.disconnect(true));
  });
  process.send?.('ready');
}

if (cluster.isPrimary) runPrimary();
else runWorker(process.argv[2]);
