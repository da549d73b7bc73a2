/**
 * The door to the engine: the native one, or the `engine.io` package where no addon can load. Its
 * exports are those of `engine.io`, with the native engine as `Server`.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');
const parser = require('engine.io-parser');
const { warn } = require('../errors/coded-error');
const { loadAddon, loadTlsAddon } = require('./wire/addon');
const { Engine } = require('./engine');
const { DenoPortServer } = require('./port/deno-port-server');
const { PortServer } = require('./port/port-server');
const { Socket } = require('./session/session');
const { Transport, transports } = require('./session/transport');

let warned = false;

/**
 * Creates the engine of one server.
 * @param {any} opts engine.io options; kept by reference and read live
 * @returns {any} an Engine: `connection` events, `attach`, `close`, `handleRequest`, `handleUpgrade`; where the addon cannot load,
 *   the slower one of the package `engine.io`
 * @throws {Error} with code `ERR_BEASTIO_ADDON` where it cannot and `BEASTIO_REQUIRE_NATIVE` is 1
 */
function createEngine(opts) {
  try {
    loadAddon();
  } catch (error) {
    if (process.env.BEASTIO_REQUIRE_NATIVE === '1') throw error;
    warnOnce(/** @type {Error} */ (error));
    return new (require('engine.io').Server)(opts);
  }
  return new Engine(opts);
}

/**
 * Creates the HTTP server of an engine that listens by itself.
 * @param {any} engine
 * @param {any} opts of its `attach`
 * @param {import('node:http').RequestListener} listener for requests that are not the engine's
 * @returns {import('node:http').Server}
 */
function createHttpServer(engine, opts, listener) {
  const { bun, deno } = /** @type {any} */ (process.versions);
  if (opts.tls !== undefined && (bun || deno)) loadTlsAddon(); // says why there is no TLS
  // Bun has no socket made of a descriptor, which connections for other paths are handed over by.
  if (!(engine instanceof Engine) || bun) return createNodeServer(opts.tls, listener);
  const OwnServer = /** @type {any} */ (deno ? DenoPortServer : PortServer);
  return new OwnServer(engine, opts, listener);
}

/**
 * What stands in for the own port where no addon can load.
 * @param {any} options the option `tls`
 * @param {import('node:http').RequestListener} listener
 */
function createNodeServer(options, listener) {
  if (options === undefined) return http.createServer(listener);
  const { contexts = {}, ...others } = options;
  const server = https.createServer(others, listener);
  for (const [name, context] of Object.entries(contexts)) server.addContext(name, context);
  return server;
}

/**
 * Creates the engine for a µWebSockets.js application, which does all I/O by itself.
 * @param {any} opts
 * @returns {any} the one of the `engine.io` package
 */
function createUwsEngine(opts) {
  return new (require('engine.io').uServer)(opts);
}

/**
 * Puts a new engine in front of an HTTP server.
 * @param {http.Server} server
 * @param {any} [options] of the engine and of its `attach`
 * @returns {Engine}
 */
function attach(server, options) {
  const engine = new Engine(options);
  engine.attach(server, options);
  return engine;
}

/**
 * Creates an HTTP server that serves nothing but a new engine: 501 to all other requests.
 * @param {number} port
 * @param {any} [options] of the engine and of its `attach`; may be left out
 * @param {() => void} [callback] called when it listens
 * @returns {Engine}
 */
function listen(port, options, callback) {
  if (typeof options === 'function') return listen(port, {}, options);
  const server = http.createServer((_req, res) => {
    res.writeHead(501);
    res.end('Not Implemented');
  });
  const engine = attach(server, options);
  engine.httpServer = server;
  server.listen(port, callback);
  return engine;
}

/** @param {Error} error */
function warnOnce(error) {
  if (warned) return;
  warned = true;
  const text = `${error.message} Until then the slower engine.io package serves.`;
  warn('BEASTIO_FALLBACK', text);
}

module.exports = {
  Engine,
  Server: Engine,
  Socket,
  Transport,
  attach,
  createEngine,
  createHttpServer,
  createUwsEngine,
  listen,
  parser,
  protocol: parser.protocol,
  transports,
  /** That of engine.io, for µWebSockets.js: loaded when asked for. */
  get uServer() {
    return require('engine.io').uServer;
  },
};
