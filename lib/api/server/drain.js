/**
 * `io.close({ drain })`: clients are sent away one after the other, so that they do not all come back to the
 * next server in the same second.
 */
'use strict';

const { once } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');

/** @typedef {import('./server').Server} Server */
/** @typedef {import('../clients/client').Client} Client */

const TICK_MS = 10;
/** The part of the time in which goodbyes are said. In the rest the last of them arrive. */
const GOODBYES = 0.8;

/** Servers that are sending their clients away. @type {WeakMap<Server, AbortController>} */
const drainings = new WeakMap();

/**
 * Sends all clients away within a time. Nobody new is let in meanwhile, but connections are accepted: a poll
 * may need one.
 * @param {Server} io
 * @param {number | undefined} ms undefined: at once
 * @throws {TypeError | RangeError} if that is no time
 */
async function drain(io, ms) {
  if (ms === undefined) return;
  checkDrain(ms);
  if (drainings.has(io)) return;
  const ending = new AbortController();
  drainings.set(io, ending);
  await sendAllAway(io, ms, ending.signal);
}

/**
 * Ends that, if it goes on.
 * @param {Server} io
 */
function endDraining(io) {
  drainings.get(io)?.abort();
  drainings.delete(io);
}

/** @param {unknown} ms */
function checkDrain(ms) {
  if (typeof ms !== 'number') throw new TypeError('option "drain" must be a number');
  if (!(ms >= 0 && ms < 2 ** 31)) {
    throw new RangeError(`option "drain" must be from 0 to 2147483647, not ${ms}`);
  }
}

/**
 * @param {Server} io
 * @param {number} ms
 * @param {AbortSignal} signal ends it early
 */
async function sendAllAway(io, ms, signal) {
  const { engine } = io;
  if (engine === undefined) return;
  engine.optionSync?.setDraining(true); // engines of others go on to let clients in
  const start = performance.now();
  let clients = clientsByConnection(io);
  /** @type {any[]} */
  const conns = Object.values(engine.clients ?? {});
  const tick = () => sleep(TICK_MS, undefined, { signal }).catch(() => {});
  for (let gone = 0; gone < conns.length && !signal.aborted; await tick()) {
    const part = Math.min(1, (performance.now() - start) / (ms * GOODBYES));
    const due = Math.ceil(part * conns.length);
    const next = conns.slice(gone, due);
    // Some may have entered their first namespace since.
    if (!next.every((conn) => clients.has(conn))) clients = clientsByConnection(io);
    for (const conn of next) sendAway(conn, clients.get(conn));
    gone = due;
  }
  const left = conns.filter(({ readyState }) => readyState !== 'closed');
  const rest = Math.max(0, start + ms - performance.now());
  await Promise.race([
    Promise.all(left.map((conn) => once(conn, 'close', { signal }))),
    sleep(rest, undefined, { signal, ref: false }), // who is gone early need not wait for it
  ]).catch(() => {});
}

/**
 * Those that are in a namespace.
 * @param {Server} io
 * @returns {Map<any, Client>}
 */
function clientsByConnection(io) {
  const clients = new Map();
  for (const { sockets } of io._nsps.values()) {
    for (const { conn, client } of sockets.values()) clients.set(conn, client);
  }
  return clients;
}

/**
 * Closes a connection after what was sent. Its client comes back by itself, as after a restart. Sessions are
 * kept first: it may be back elsewhere before this side hears of the end.
 * @param {any} conn
 * @param {Client | undefined} client
 */
function sendAway(conn, client) {
  if (conn.readyState !== 'open') return;
  for (const socket of [...(client?.allSockets() ?? [])]) socket._onclose('server shutting down');
  conn.close();
}

module.exports = { drain, endDraining };
