/**
 * A server under abuse, in a separate process, behind any door. It answers the event `echo`. The lines that
 * it is given make it do what a busy application does.
 */
'use strict';

const { once } = require('node:events');
const { createInterface } = require('node:readline');
const { certificate, doorOf } = require('../../support/servers/doors');
const { startProgram } = require('../../support/programs/programs');

/** @type {(() => unknown)[]} */
const closers = [];

/** Runs in the server's process. */
function program(/** @type {any} */ { require: load, door, tls, options }) {
  const { Server } = load('./lib');
  const address = { port: 0, host: '127.0.0.1' };
  /** @type {any} */
  let io;
  if (door.isOwnPort) {
    io = new Server(options);
    io.listen(address, tls && { tls });
  } else {
    const server = tls ? load('node:https').createServer(tls) : load('node:http').createServer();
    io = new Server(server, options);
    server.listen(address);
  }
  /** @type {Record<string, number>} */
  const ends = {};
  io.engine.on('connection', (/** @type {any} */ conn) =>
    conn.on('close', (/** @type {string} */ reason) => (ends[reason] = (ends[reason] ?? 0) + 1)),
  );
  io.on('connection', (/** @type {any} */ socket) =>
    socket.on('echo', (/** @type {any} */ value, /** @type {any} */ done) => done?.(value)),
  );
  const say = (/** @type {any} */ value) => console.log(JSON.stringify(value));
  /** @type {Record<string, (value: number) => unknown>} */
  const does = {
    block: (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
    memory: () => process.memoryUsage.rss(),
    ends: () => ends,
  };
  load('node:readline')
    .createInterface({ input: process.stdin })
    .on('line', (/** @type {string} */ line) => {
      const [what, value] = line.split(' ');
      say(does[what](Number(value)) ?? null);
    })
    .on('close', () => process.exit());
  io.httpServer.once('listening', () => say(io.httpServer.address().port));
}

/**
 * @param {string} doorName
 * @param {object} [options]
 */
async function startServer(doorName, options = {}) {
  const door = doorOf(doorName);
  const { key, cert, ca } = certificate();
  const tls = door.hasTls ? { key, cert } : undefined;
  const run = startProgram(program, { door, tls, options: { ioThreads: 1, ...options } });
  const lines = createInterface({ input: run.child.stdout });
  closers.push(() => run.closed);
  closers.push(() => run.child.kill('SIGKILL'));
  const died = run.closed.then(() => {
    throw new Error(`the server died: ${run.stderr}`);
  });
  died.catch(() => {});
  const answer = async () => JSON.parse((await Promise.race([once(lines, 'line'), died]))[0]);
  const port = await answer();
  return {
    url: `http${door.hasTls ? 's' : ''}://localhost:${port}`,
    place: { port, host: '127.0.0.1', ...(door.hasTls ? { ca } : {}) },
    trust: door.hasTls ? { ca } : {},
    /**
     * Has it do one of the things above.
     * @param {'block' | 'memory' | 'ends'} what
     * @param {number} [value]
     */
    async ask(what, value = 0) {
      const answered = answer();
      run.child.stdin.write(`${what} ${value}\n`);
      return answered;
    },
  };
}

/** Ends what was started. */
async function cleanUp() {
  for (const close of closers.splice(0).reverse()) await close();
}

module.exports = { cleanUp, closers, startServer };
