'use strict';

/**
 * What two clients see of a server of smoke/server.js, by each transport and through each door. It is a list, to be
 * compared with that of another server. The clients are of the package socket.io-client, and run in this process.
 */

const { io: connect } = require('socket.io-client');

const TRANSPORTS = [['polling'], ['websocket'], ['polling', 'websocket']];
/** Longer than what is compressed, and than one read. */
const LONG = 'compressible '.repeat(20_000);
const VALUES = [
  [1, -0.5, 1e300, null, true, 'é€😀', { a: [{}, [], ''] }],
  [Buffer.from([0, 1, 254, 255]), { nested: [Buffer.alloc(70_000, 7)] }],
  [LONG],
];
/** Under an emulator things take their time. */
const PATIENCE_MS = 60_000;

/** @typedef {import('socket.io-client').Socket} Socket */

/**
 * @param {{ once(event: any, listener: (value: any) => void): unknown }} emitter
 * @param {string} event
 * @returns {Promise<any>}
 */
function next(emitter, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event}`)), PATIENCE_MS);
    emitter.once(event, (value) => {
      clearTimeout(timer);
      resolve(value instanceof Error ? value.message : value);
    });
  });
}

/**
 * @param {string} url
 * @param {string[]} transports
 * @param {object} [auth]
 * @returns {Socket}
 */
function client(url, transports, auth) {
  const options = { transports, auth, forceNew: true, reconnection: false };
  return connect(url, { ...options, rejectUnauthorized: false });
}

/**
 * @param {Socket} socket
 * @param {string[]} transports
 */
async function connected(socket, transports) {
  await next(socket, 'connect');
  const { engine } = socket.io;
  if (transports.length === 1 || engine.transport.name === 'websocket') return;
  await next(engine, 'upgrade');
}

/**
 * @param {Socket} socket
 * @param {unknown[]} values
 * @returns {Promise<unknown[]>} what came back
 */
function echoed(socket, values) {
  return new Promise((resolve, reject) => {
    const answered = (/** @type {unknown} */ error, /** @type {unknown[]} */ ...got) =>
      error ? reject(error) : resolve(got);
    socket.timeout(PATIENCE_MS).emit('echo', ...values, answered);
  });
}

/**
 * @param {string} url
 * @param {string[]} transports
 * @returns {Promise<unknown[]>}
 */
async function play(url, transports) {
  const [one, other] = [client(url, transports), client(url, transports)];
  try {
    await Promise.all([connected(one, transports), connected(other, transports)]);
    /** @type {unknown[]} */
    const seen = [one.io.engine.transport.name];
    seen.push(await one.timeout(PATIENCE_MS).emitWithAck('transport'));
    for (const values of VALUES) {
      seen.push(await echoed(one, values));
      const said = next(other, 'said');
      one.emit('say', values.at(-1));
      seen.push(await said);
    }
    const shouted = Promise.all([next(one, 'shouted'), next(other, 'shouted')]);
    one.emit('shout', VALUES[1]);
    seen.push(await shouted);
    const refused = client(url, transports, { is: 'wrong' });
    seen.push(await next(refused, 'connect_error'));
    refused.close();
    const [left, gone] = [next(other, 'left'), next(one, 'disconnect')];
    one.emit('go');
    seen.push(await left, await gone);
    return seen;
  } finally {
    one.close();
    other.close();
  }
}

/**
 * @param {Record<string, number>} ports by door
 * @param {() => Promise<void>} close closes the server, as a client is still there
 * @returns {Promise<Record<string, unknown[]>>} by door and transports
 */
async function session(ports, close) {
  /** @type {Record<string, unknown[]>} */
  const seen = {};
  const urls = Object.entries(ports).map(([door, port]) => {
    return [door, `${door.includes('TLS') ? 'https' : 'http'}://localhost:${port}`];
  });
  for (const [door, url] of urls) {
    for (const transports of TRANSPORTS) {
      seen[`${door}, ${transports}`] = await play(url, transports);
    }
  }
  const last = urls.map(([, url]) => client(url, ['websocket']));
  await Promise.all(last.map((socket) => connected(socket, ['websocket'])));
  const gone = Promise.all(last.map((socket) => next(socket, 'disconnect')));
  await close();
  seen.closed = await gone;
  return seen;
}

module.exports = { session };
