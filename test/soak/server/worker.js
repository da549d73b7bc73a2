/** A thread with a server of its own that echoes and broadcasts, until the thread is ended from outside. */
'use strict';

const { once } = require('node:events');
const { parentPort, workerData } = require('node:worker_threads');
const { listen } = require('./listen');

const BROADCAST_MS = 5;

async function serve() {
  const { io, place } = await listen(workerData.door, workerData.options);
  io.on('connection', (/** @type {any} */ socket) => {
    socket.join('all');
    socket.onAny((/** @type {any[]} */ ...args) => socket.emit('echo', ...args));
  });
  setInterval(() => io.to('all').emit('tick', Buffer.alloc(1000)), BROADCAST_MS);
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
  port.postMessage({ place });
  await once(port, 'message'); // none comes; it keeps the thread alive
}

serve();
