/**
 * The program of a cluster whose two workers listen on the same port by themselves (see
 * elsewhere.js). It sends the port and the workers' pids, and ends when its parent has gone. With arguments, the files of a key and a certificate, the port speaks TLS.
 */
'use strict';

const cluster = /** @type {any} */ (require('node:cluster'));
const { once } = require('node:events');
const fs = require('node:fs');
const { Server } = require('../../../lib');

const WORKERS = 2;

async function runPrimary() {
  const workers = Array.from({ length: WORKERS }, () => cluster.fork());
  const addresses = await Promise.all(workers.map((worker) => once(worker, 'listening')));
  process.send?.({ port: addresses[0][0].port, pids: workers.map(({ process: { pid } }) => pid) });
  process.on('disconnect', () => {
    for (const worker of workers) worker.kill();
  });
}

function runWorker() {
  const [key, cert] = process.argv.slice(2).map((file) => fs.readFileSync(file));
  // The first worker's free port is everyone's.
  const io = new Server(0, key ? /** @type {any} */ ({ tls: { key, cert } }) : {});
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('who', (/** @type {any} */ answer) => answer(process.pid));
  });
}

if (cluster.isPrimary) runPrimary();
else runWorker();
