/**
 * An attacker on a separate thread, so that well-behaved clients do not wait for it. It is one connection
 * that writes as fast as the server reads.
 */
'use strict';

const { once } = require('node:events');
const path = require('node:path');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { Wire, frame, upgradeText } = require('../../support/clients/wire');
const { closers } = require('./abused-server');

const WEBSOCKET = '/socket.io/?EIO=4&transport=websocket';

/** How much is written ahead of the connection. */
const AHEAD_BYTES = 1 << 20;

/**
 * Connects, and resolves when the server knows it.
 * @param {{ place: object }} server
 * @returns {Promise<{ flood: (bytes: Uint8Array, times: number) => Promise<void> }>}
 */
async function startFlooder({ place }) {
  const worker = new Worker(path.resolve(__filename), { workerData: { target: place } });
  closers.push(() => worker.terminate());
  await once(worker, 'message');
  return {
    /** Writes `bytes` so many times; resolves when the connection has taken all, or is gone. */
    async flood(bytes, times) {
      worker.postMessage({ bytes, times });
      await once(worker, 'message');
    },
  };
}

/** Runs in the attacker's thread. */
async function attack() {
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
  const wire = await Wire.connect(workerData.target);
  const { socket } = wire;
  wire.write(upgradeText(WEBSOCKET));
  await wire.framesUpTo(1);
  wire.write(frame('40'));
  await wire.framesUpTo(2);
  socket.removeAllListeners('data').resume(); // nobody looks at the answers
  port.on('message', async ({ bytes, times }) => {
    for (let i = 0; i < times && !socket.destroyed; i++) {
      if (socket.write(bytes) || socket.writableLength < AHEAD_BYTES) continue;
      await Promise.race([once(socket, 'drain'), wire.closed]);
    }
    if (!socket.destroyed)
      await new Promise((resolve) => socket.write('', () => resolve(undefined)));
    port.postMessage('written');
  });
  port.postMessage('ready');
}

if (!isMainThread && workerData?.target) attack();

module.exports = { startFlooder };
