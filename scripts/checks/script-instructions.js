'use strict';

/**
 * Counts the instructions that an echo costs in JavaScript. A Node process runs under callgrind, which counts
 * only inside the call that hands a batch of messages over. V8 neither compiles nor uses helper threads
 * there, and its hashes begin alike. So a run is like the next. The client is this process, in lock-step over
 * a plain socket.
 */

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');
const { TOP } = require('../support/processes');

const SERVER = path.join(TOP, 'bench/instructions/server.js');
/** From its beginning: the way through the base class is a function with the same end of its name. */
const ENTRANCE = 'beastio::addon::EngineObject::deliver(*';
const NODE_FLAGS = ['--jitless', '--single-threaded', '--hash-seed=1', '--random-seed=1'];

const UPGRADE =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const MESSAGE = '42["echo","0000000700000001mmmmmmmmmmmmmmmm"]';
const IN_FLIGHT = 16;
const ROUND_TRIPS = 60;
/** Fewer than a thousand for each message cannot be its script: callgrind has missed where it begins. */
const LEAST_COUNT = 1000 * IN_FLIGHT * ROUND_TRIPS;
const SCRIPT_NAME = 'JavaScript of an echo, 16 in flight';
const PATIENCE_MS = 300_000;

/**
 * @param {string} text Of less than 126 bytes.
 * @returns {Buffer} A client's frame, masked with zeros.
 */
function frame(text) {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/**
 * Talks to the server to the end of the script.
 * Errors: rejects when the connection ends before.
 *
 * @param {number} port
 */
async function converse(port) {
  const socket = net.connect(port, '127.0.0.1').setNoDelay();
  const chunks = socket[Symbol.asyncIterator]();
  /** @param {(received: string) => boolean} isEnough */
  const receive = async (isEnough) => {
    let received = '';
    while (!isEnough(received)) {
      const { value, done } = await chunks.next();
      if (done) throw new Error(`The server ended the connection after ${received}`);
      received += value.toString('latin1');
    }
  };
  try {
    socket.write(UPGRADE);
    await receive((received) => received.includes('maxPayload'));
    socket.write(frame('40'));
    await receive((received) => received.endsWith('}'));
    const burst = Buffer.concat(Array.from({ length: IN_FLIGHT }, () => frame(MESSAGE)));
    const due = IN_FLIGHT * (2 + MESSAGE.length);
    for (let i = 0; i < ROUND_TRIPS; i += 1) {
      socket.write(burst);
      await receive((received) => received.length >= due);
    }
  } finally {
    socket.destroy();
  }
}

/**
 * @param {string} folder For what callgrind writes.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Record<string, number>>} One count.
 */
async function countScript(folder, env) {
  const valgrind = ['--tool=callgrind', `--toggle-collect=${ENTRANCE}`];
  const output = `--callgrind-out-file=${path.join(folder, 'script')}`;
  const server = spawn('valgrind', [...valgrind, output, process.execPath, ...NODE_FLAGS, SERVER], {
    cwd: TOP,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  });
  let words = '';
  server.stderr.on('data', (text) => (words += text));
  const ended = once(server, 'close');
  const port = await Promise.race([once(server.stdout, 'data'), ended]);
  try {
    await converse(Number(port));
  } catch (error) {
    server.kill();
    throw new Error(`${/** @type {Error} */ (error).message}\n${words}`, { cause: error });
  }
  server.stdin.end();
  await ended;
  const count = Number(/Collected : (\d+)/.exec(words)?.[1]);
  if (!(count >= LEAST_COUNT)) {
    throw new Error(`callgrind counted too little in ${ENTRANCE}:\n${words}`);
  }
  return { [SCRIPT_NAME]: count };
}

module.exports = { SCRIPT_NAME, countScript };
