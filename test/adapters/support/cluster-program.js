/**
 * The program of cluster.test.js: a primary with two workers behind one port, "A" and "B", joined by
 * @socket.io/sticky and @socket.io/cluster-adapter. Argument: the module with the server. The test
 * tells it by IPC which member is to do what; the answer has the number of the question.
 */
'use strict';

const cluster = require('node:cluster');
const http = require('node:http');
const { createAdapter, setupPrimary } = require('@socket.io/cluster-adapter');
const sticky = require('@socket.io/sticky');
const { createMember } = require('./member');

function runPrimary() {
  cluster.setupPrimary({ serialization: 'advanced' }); // messages may hold Buffers
  const server = http.createServer();
  sticky.setupPrimary(server, { loadBalancingMethod: 'round-robin' });
  setupPrimary();
  const workers = new Map(['A', 'B'].map((name) => [name, cluster.fork({ MEMBER: name })]));
  let ready = 0;
  cluster.on('message', (_worker, message) => {
    if (message.answerTo !== undefined) process.send?.(message);
    if (message !== 'ready' || ++ready < workers.size) return;
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      process.send?.({ port });
    });
  });
  process.on('message', (/** @type {any} */ message) => {
    workers.get(message.member)?.send({ question: message });
  });
  process.on('disconnect', () => {
    for (const worker of workers.values()) worker.process.kill('SIGKILL');
    process.exit();
  });
}

/** @param {string} module */
function runWorker(module) {
  const { Server } = require(module);
  const io = new Server(http.createServer(), { adapter: createAdapter() });
  sticky.setupWorker(io);
  const { actions } = createMember(io, process.env.MEMBER ?? '');
  process.on('message', async (/** @type {any} */ { question }) => {
    if (question === undefined) return; // a connection, or a message of the adapter
    const { number, action, args } = question;
    try {
      process.send?.({ answerTo: number, result: await actions[action](...args) });
    } catch (error) {
      process.send?.({ answerTo: number, error: /** @type {Error} */ (error).stack });
    }
  });
  process.send?.('ready');
}

if (cluster.isPrimary) runPrimary();
else runWorker(process.argv[2]);
