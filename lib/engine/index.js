/**
 * The door to the engine: the native one, or the `engine.io` package where no addon can load.
 */
'use strict';

const { loadAddon } = require('./addon');
const { Engine } = require('./engine');

let warned = false;

/**
 * Creates the engine of one server.
 * @param {any} opts engine.io options; kept by reference and read live
 * @returns {any} an Engine: `connection` events, `attach`, `close`, `handleRequest`, `handleUpgrade`
 */
function createEngine(opts) {
  try {
    loadAddon();
  } catch (error) {
    warnOnce(/** @type {Error} */ (error));
    return new (require('engine.io').Server)(opts);
  }
  return new Engine(opts);
}

/**
 * Creates the engine for a µWebSockets.js application, which does all I/O by itself.
 * @param {any} opts
 * @returns {any} the one of the `engine.io` package
 */
function createUwsEngine(opts) {
  return new (require('engine.io').uServer)(opts);
}

/** @param {Error} error */
function warnOnce(error) {
  if (warned) return;
  warned = true;
  process.emitWarning(`${error.message} Until then the slower engine.io package serves.`, {
    code: 'BEASTIO_FALLBACK',
  });
}

module.exports = { createEngine, createUwsEngine, Engine };
