/**
 * The engine's options: defaults, validation, and what of them crosses to the addon.
 */
'use strict';

const os = require('node:os');

const MAX_IO_THREADS = 64;
/** Timers and sizes of the addon are 32-bit where JavaScript's own timers are. */
const MAX_INTEGER = 2 ** 31 - 1;

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

/** The smallest value of every numeric option. */
const NUMBERS = {
  pingInterval: 1,
  pingTimeout: 1,
  upgradeTimeout: 1,
  maxHttpBufferSize: 1,
  ioThreads: 1,
  maxSendQueueBytes: 1,
  maxInboxBytes: 1,
};

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

/** @param {any} opts */
function validate(opts) {
  for (const [name, smallest] of Object.entries(NUMBERS)) {
    const value = opts[name];
    if (typeof value !== 'number') throw new TypeError(`option "${name}" must be a number`);
    const largest = name === 'ioThreads' ? MAX_IO_THREADS : MAX_INTEGER;
    if (!(value >= smallest && value <= largest)) {
      throw new RangeError(`option "${name}" must be from ${smallest} to ${largest}, not ${value}`);
    }
  }
  if (!Array.isArray(opts.transports)) throw new TypeError('option "transports" must be an array');
  for (const name of opts.transports) {
    if (!['polling', 'websocket', 'webtransport'].includes(name)) {
      throw new RangeError(`option "transports": there is no transport "${name}"`);
    }
  }
  if (opts.allowRequest !== undefined && typeof opts.allowRequest !== 'function') {
    throw new TypeError('option "allowRequest" must be a function');
  }
}

/**
 * What the addon needs to know.
 * @param {any} opts
 */
function nativeOptions(opts) {
  return {
    ioThreads: opts.ioThreads,
    pingInterval: opts.pingInterval,
    pingTimeout: opts.pingTimeout,
    upgradeTimeout: opts.upgradeTimeout,
    maxHttpBufferSize: opts.maxHttpBufferSize,
    maxSendQueueBytes: opts.maxSendQueueBytes,
    maxInboxBytes: opts.maxInboxBytes,
    polling: opts.transports.includes('polling'),
    websocket: opts.transports.includes('websocket'),
    allowUpgrades: Boolean(opts.allowUpgrades),
  };
}

module.exports = { completeOptions, nativeOptions };
