/**
 * The Socket.IO options of `new Server(...)` and `io.attach(...)`: their defaults, and the one place
 * that refuses wrong ones. The engine's options pass through untouched.
 */
'use strict';

const { BY_NAME, OPTIONS, partsOf } = require('../../options/table');
const { validateOption } = require('../../options/validate');

/** The options of the Socket.IO server, which are checked where they are given. */
const SERVER_OPTIONS = OPTIONS.filter(({ level }) => level === 'server');

/** Milliseconds. @type {number} */
const DEFAULT_CONNECT_TIMEOUT = BY_NAME.get('connectTimeout')?.value;

const RECOVERY_DEFAULTS = Object.fromEntries(
  partsOf('connectionStateRecovery').map(([name, { value }]) => [name, value]),
);

/**
 * Tells `new Server(opts)` from `new Server(srv, opts)`. An address counts as `srv` only if options
 * follow it: alone it could be the options.
 * @param {any} srv
 * @param {any} opts
 * @param {boolean} isPair whether there are options
 * @returns {{ srv: any, opts: any }}
 */
function splitArguments(srv, opts, isPair) {
  if (typeof srv !== 'object' || srv === null || srv.listen) return { srv, opts };
  return isPair && (srv.port !== undefined || srv.fd !== undefined)
    ? { srv, opts }
    : { srv: undefined, opts: srv };
}

/**
 * Whether a target is an address to listen on, `{ port, host, … }`, `{ path }` or `{ fd }`, and not an HTTP server.
 * @param {any} target
 */
function isAddress(target) {
  if (typeof target !== 'object' || target === null || typeof target.on === 'function')
    return false;
  return [target.port, target.path, target.fd].some((place) => place !== undefined);
}

/**
 * Checks the options and completes them in place. The application's object becomes `io.opts`, where
 * adapters look for the recovery settings.
 * Errors: throws a TypeError or RangeError that names the option.
 * @param {any} opts
 */
function completeOptions(opts) {
  if (opts.path && typeof opts.path !== 'string') {
    throw new TypeError('option "path" must be a string');
  }
  if (opts.adapter && typeof opts.adapter !== 'function') {
    throw new TypeError('option "adapter" must be an Adapter class or a function that creates one');
  }
  const { parser } = opts;
  if (parser && !(typeof parser.Encoder === 'function' && typeof parser.Decoder === 'function')) {
    throw new TypeError('option "parser" must have the classes "Encoder" and "Decoder"');
  }
  if (parser && opts.slowClientPolicy === 'drop-oldest') {
    throw new TypeError(
      'option "slowClientPolicy" must not be "drop-oldest" with the option "parser": the engine does not know its events',
    );
  }
  for (const option of SERVER_OPTIONS) {
    if (opts[option.name] !== undefined) validateOption(opts[option.name], option);
  }
  if (opts.connectionStateRecovery) {
    opts.connectionStateRecovery = { ...RECOVERY_DEFAULTS, ...opts.connectionStateRecovery };
  }
  opts.cleanupEmptyChildNamespaces = Boolean(opts.cleanupEmptyChildNamespaces);
}

/**
 * Makes sense of the first argument of `io.attach()`.
 * @param {any} srv
 * @returns {any} a port number, the address of one, or the HTTP server itself
 */
function readAttachTarget(srv) {
  if (typeof srv === 'function') {
    throw new Error(
      'You are trying to attach socket.io to an express request handler function. ' +
        'Please pass a http.Server instance.',
    );
  }
  return typeof srv === 'string' && !Number.isNaN(Number(srv)) ? Number(srv) : srv;
}

/**
 * @param {unknown} listener the option `requestListener`
 * @param {boolean} isOwnPort
 */
function checkRequestListener(listener, isOwnPort) {
  if (listener === undefined) return;
  if (typeof listener !== 'function') {
    throw new TypeError('option "requestListener" must be a function (req, res)');
  }
  if (isOwnPort) return;
  throw new TypeError(
    'option "requestListener" is for new Server(port): give it to the HTTP server that you attach to',
  );
}

module.exports = {
  DEFAULT_CONNECT_TIMEOUT,
  checkRequestListener,
  completeOptions,
  isAddress,
  readAttachTarget,
  splitArguments,
};
