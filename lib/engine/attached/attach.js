/**
 * Puts the engine in front of an HTTP server: requests and upgrades below its path are the engine's,
 * all others go where they went before.
 */
'use strict';

const { logEngine } = require('../base/log');
const { DESTROY_UPGRADE_TIMEOUT_MS } = require('../base/options');

/** The listeners of `upgrade` that are engines'. @type {WeakSet<Function>} */
const upgradeListeners = new WeakSet();

/**
 * @param {import('../engine').Engine} engine
 * @param {import('node:http').Server} server
 * @param {any} opts `path`, `addTrailingSlash`, `destroyUpgrade`, `destroyUpgradeTimeout`
 */
function attach(engine, server, opts) {
  const path = engine._computePath(opts);
  const isOurs = (/** @type {any} */ req) => req.url.slice(0, path.length) === path;
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('close', () => engine.close());
  server.on('listening', () => engine.init());
  server.on('request', (req, res) => {
    if (!isOurs(req)) {
      for (const listener of listeners) listener.call(server, req, res);
      return;
    }
    logEngine('intercepting request for path "%s"', path);
    engine.handleRequest(req, res);
  });
  if (!engine.opts.transports.includes('websocket')) return;
  const onUpgrade = (
    /** @type {any} */ req,
    /** @type {any} */ socket,
    /** @type {any} */ head,
  ) => {
    if (isOurs(req)) engine.handleUpgrade(req, socket, head);
    else if (opts.destroyUpgrade !== false) destroyLater(socket, opts.destroyUpgradeTimeout);
  };
  upgradeListeners.add(onUpgrade);
  server.on('upgrade', onUpgrade);
}

/**
 * Whether a listener of `upgrade` was put there by an engine of this package.
 * @param {Function} listener
 */
function isEngineListener(listener) {
  return upgradeListeners.has(listener);
}

/**
 * @param {any} opts
 * @returns {string}
 */
function computePath(opts) {
  const path = (opts.path || '/engine.io').replace(/\/$/, '');
  return opts.addTrailingSlash === false ? path : `${path}/`;
}

/**
 * Ends an upgrade that nobody has answered: with a listener for upgrades, Node does not any more.
 * @param {any} socket
 * @param {number} [timeoutMs]
 */
function destroyLater(socket, timeoutMs) {
  setTimeout(() => {
    // Only sockets count what they have written. Other streams do not tell.
    if (!socket.writable || socket.bytesWritten !== 0) return;
    socket.on('error', (/** @type {Error} */ err) => {
      logEngine('error while destroying upgrade: %s', err.message);
    });
    socket.end();
  }, timeoutMs || DESTROY_UPGRADE_TIMEOUT_MS);
}

module.exports = { attach, computePath, isEngineListener };
