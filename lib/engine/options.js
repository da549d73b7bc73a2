/**
 * The engine's options: defaults, validation, and what of them crosses to the addon.
 */
'use strict';

const os = require('node:os');
const { serialize } = require('cookie');
const { toPart } = require('./part');
const { LEFT_TO_HOST } = require('./records');

/** Timers are 32-bit, as JavaScript's own. */
const MAX_MS = 2 ** 31 - 1;
const TRANSPORTS = ['polling', 'websocket', 'webtransport'];

/** Defaults as in engine.io 6.6, then those that only this engine has. */
function defaults() {
  return {
    pingInterval: 25000,
    pingTimeout: 20000,
    upgradeTimeout: 10000,
    maxHttpBufferSize: 1e6,
    transports: ['polling', 'websocket'],
    allowUpgrades: true,
    httpCompression: { threshold: 1024 },
    cors: false,
    allowEIO3: false,
    ioThreads: Math.max(1, Math.min(4, os.availableParallelism() - 1)),
    maxSendQueueBytes: 64 * 1024 * 1024,
    maxInboxBytes: 16 * 1024 * 1024,
  };
}

/** The largest value of every numeric option; the smallest is 1. */
const LARGEST = Object.freeze({
  pingInterval: MAX_MS,
  pingTimeout: MAX_MS,
  upgradeTimeout: MAX_MS,
  maxHttpBufferSize: Infinity,
  ioThreads: 64,
  maxSendQueueBytes: Infinity,
  maxInboxBytes: Infinity,
});

/**
 * Completes `opts` in place, as engine.io does.
 * @param {any} opts
 * @returns {any} `opts`
 * @throws {TypeError | RangeError} naming the option that cannot be used
 */
function completeOptions(opts) {
  for (const [name, value] of Object.entries(defaults())) opts[name] ??= value;
  if (opts.cookie) {
    const cookie = { name: 'io', path: '/', httpOnly: true, sameSite: 'lax' };
    opts.cookie = Object.assign(cookie, opts.cookie === true ? {} : opts.cookie);
  }
  validate(opts);
  return opts;
}

/**
 * @param {any} opts
 * @throws {TypeError | RangeError} naming the option that cannot be used
 */
function validate(opts) {
  for (const [name, largest] of Object.entries(LARGEST)) {
    const value = opts[name];
    if (typeof value !== 'number') throw new TypeError(`option "${name}" must be a number`);
    if (!(value >= 1 && value <= largest)) {
      throw new RangeError(`option "${name}" must be from 1 to ${largest}, not ${value}`);
    }
  }
  if (!Number.isInteger(opts.ioThreads)) {
    throw new RangeError(`option "ioThreads" must be a whole number, not ${opts.ioThreads}`);
  }
  if (!Array.isArray(opts.transports)) throw new TypeError('option "transports" must be an array');
  for (const name of opts.transports) {
    if (!TRANSPORTS.includes(name)) {
      throw new RangeError(`option "transports": there is no transport "${name}"`);
    }
  }
  if (opts.allowRequest && typeof opts.allowRequest !== 'function') {
    throw new TypeError('option "allowRequest" must be a function');
  }
  if (opts.cookie) validateCookie(opts.cookie);
  if (opts.initialPacket) validateInitialPacket(opts.initialPacket);
}

/** The numbers of `perMessageDeflate`, with their smallest and largest values and defaults. */
const DEFLATE_NUMBERS = Object.freeze({
  threshold: { smallest: 0, largest: Number.MAX_SAFE_INTEGER, otherwise: 1024 },
  level: { smallest: -1, largest: 9, otherwise: -1 },
  memLevel: { smallest: 1, largest: 9, otherwise: 8 },
  strategy: { smallest: 0, largest: 4, otherwise: 0 },
});

/** What says of a window size that it is as the client offers, or that none may be offered. */
const WINDOW_AS_OFFERED = 0;
const WINDOW_REFUSED = -1;

/**
 * `perMessageDeflate` as the addon takes it.
 * @param {any} value `true`, or the options of `ws`
 * @returns {Record<string, any> | undefined} undefined: no compression
 * @throws {TypeError | RangeError} naming the option that cannot be used
 */
function deflateOptions(value) {
  if (!value) return undefined;
  const given = { threshold: value.threshold, ...value.zlibDeflateOptions };
  /** @type {Record<string, any>} */
  const options = {
    serverNoContextTakeover: value.serverNoContextTakeover,
    clientNoContextTakeover: Boolean(value.clientNoContextTakeover),
    serverMaxWindowBits: windowBits(value, 'serverMaxWindowBits'),
    clientMaxWindowBits: windowBits(value, 'clientMaxWindowBits'),
  };
  for (const [name, { smallest, largest, otherwise }] of Object.entries(DEFLATE_NUMBERS)) {
    options[name] = given[name] ?? otherwise;
    checkDeflateNumber(name, options[name], smallest, largest);
  }
  return options;
}

/**
 * @param {any} value
 * @param {string} name
 */
function windowBits(value, name) {
  const bits = value[name];
  if (bits === false) return WINDOW_REFUSED;
  if (bits === undefined || bits === null || bits === true) return WINDOW_AS_OFFERED;
  checkDeflateNumber(name, bits, 8, 15);
  return bits;
}

/**
 * @param {string} name
 * @param {any} value
 * @param {number} smallest
 * @param {number} largest
 */
function checkDeflateNumber(name, value, smallest, largest) {
  if (Number.isInteger(value) && value >= smallest && value <= largest) return;
  throw new RangeError(
    `option "perMessageDeflate.${name}" must be a whole number from ${smallest} to ${largest}, ` +
      `not ${value}`,
  );
}

/** @param {any} cookie */
function validateCookie(cookie) {
  try {
    serialize(cookie.name, 'sid', cookie);
  } catch (cause) {
    const reason = /** @type {Error} */ (cause).message;
    throw new TypeError(`option "cookie" cannot be used: ${reason}`, { cause });
  }
}

/** @param {any} packet */
function validateInitialPacket(packet) {
  try {
    toPart(packet);
  } catch (cause) {
    const reason = /** @type {Error} */ (cause).message;
    throw new TypeError(`option "initialPacket" cannot be used: ${reason}`, { cause });
  }
}

/** What the addon needs to know of an engine's own port when there is none. */
const NO_PORT = Object.freeze({
  path: '/',
  leftToHost: LEFT_TO_HOST.EVERYTHING,
  headersTimeout: 0,
  requestTimeout: 0,
  keepAliveTimeout: 0,
  maxHeaderBytes: 0,
  maxHeadersCount: 0,
  maxConnections: 0,
  compressionThreshold: undefined,
  reportRefusals: false,
  reportHandshakes: false,
  cookieStart: '',
  cookieEnd: '',
});

/**
 * What the addon needs to know; the packet for new sessions is still as the application gave it, so
 * that a change is seen without a look into it.
 * @param {any} opts
 * @param {Record<string, any>} [port] what it needs to know of the own port
 */
function nativeOptions(opts, port = NO_PORT) {
  const bytes = (/** @type {number} */ count) => Math.min(count, Number.MAX_SAFE_INTEGER);
  return {
    ioThreads: opts.ioThreads,
    pingInterval: opts.pingInterval,
    pingTimeout: opts.pingTimeout,
    upgradeTimeout: opts.upgradeTimeout,
    maxHttpBufferSize: bytes(opts.maxHttpBufferSize),
    maxSendQueueBytes: bytes(opts.maxSendQueueBytes),
    maxInboxBytes: bytes(opts.maxInboxBytes),
    polling: opts.transports.includes('polling'),
    websocket: opts.transports.includes('websocket'),
    webtransport: opts.transports.includes('webtransport'),
    allowUpgrades: Boolean(opts.allowUpgrades),
    allowEIO3: Boolean(opts.allowEIO3),
    initialPacket: opts.initialPacket || undefined,
    ...port,
  };
}

/** What of them crosses as it is, as long as it is of the usual type. */
const PLAIN_NAMES = Object.freeze(
  /** @type {const} */ ([
    'pingInterval',
    'pingTimeout',
    'upgradeTimeout',
    'maxHttpBufferSize',
    'maxSendQueueBytes',
    'maxInboxBytes',
    'allowUpgrades',
    'allowEIO3',
    'initialPacket',
  ]),
);

/**
 * Whether the options are certainly those that were told, which is asked for every request.
 * @param {any} opts
 * @param {ReturnType<typeof nativeOptions>} told
 */
function isTold(opts, told) {
  for (const name of PLAIN_NAMES) if (opts[name] !== told[name]) return false;
  const { transports } = opts;
  return (
    Array.isArray(transports) &&
    transports.includes('polling') === told.polling &&
    transports.includes('websocket') === told.websocket &&
    transports.includes('webtransport') === told.webtransport
  );
}

/**
 * The same with that packet as the addon takes it.
 * @param {ReturnType<typeof nativeOptions>} options
 */
function readyForAddon(options) {
  const { initialPacket } = options;
  return { ...options, initialPacket: initialPacket && toPart(initialPacket) };
}

module.exports = {
  completeOptions,
  deflateOptions,
  isTold,
  nativeOptions,
  readyForAddon,
  validate,
};
