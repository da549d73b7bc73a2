/**
 * Waits until clients have taken what they were sent so far.
 */
'use strict';

/** @typedef {import('../sockets/socket').Socket} Socket */

/**
 * Resolves when all have, or have left.
 * Errors: rejects at the timeout; the error's `sockets` are those that have not. Rejects for clients of another
 * engine, which does not tell.
 * @param {Socket[]} sockets
 * @param {number | undefined} timeout in milliseconds; none: it may take any time
 * @returns {Promise<void>}
 */
function awaitDrained(sockets, timeout) {
  return new Promise((resolve, reject) => {
    if (sockets.some(({ conn }) => typeof conn.whenDrained !== 'function')) {
      reject(new Error('drained() needs the engine of beast.io'));
      return;
    }
    const late = new Set(sockets);
    if (late.size === 0) {
      resolve();
      return;
    }
    const onTimeout = () => {
      reject(Object.assign(new Error('operation has timed out'), { sockets: [...late] }));
    };
    const timer = timeout === undefined ? undefined : setTimeout(onTimeout, timeout);
    for (const socket of sockets) {
      socket.conn.whenDrained(() => {
        late.delete(socket);
        if (late.size > 0) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

/**
 * The sockets of this server that a broadcast would reach. Those of a dynamic namespace are in its children.
 * @param {any} adapter
 * @param {any} target
 * @returns {Socket[]}
 */
function socketsOf(adapter, target) {
  /** @type {Socket[]} */
  const sockets = [];
  const adapters = adapter.nsp.children
    ? Array.from(adapter.nsp.children, (/** @type {any} */ child) => child.adapter)
    : [adapter];
  for (const one of adapters) {
    one.apply(target, (/** @type {Socket} */ socket) => sockets.push(socket));
  }
  return sockets;
}

module.exports = { awaitDrained, socketsOf };
