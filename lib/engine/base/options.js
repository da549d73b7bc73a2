/**
 * The engine's options: defaults, validation, and which of them cross to the addon.
 */
'use strict';

const net = require('node:net');
const os = require('node:os');
const { serialize } = require('cookie');
const { BY_NAME, OPTIONS, PLAIN_OPTIONS, partsOf } = require('../../options/table');
const { validateOption } = require('../../options/validate');
const { toMessageData } = require('../wire/message-data');
const { LEFT_TO_HOST } = require('../wire/layout');

const TRANSPORTS = ['polling', 'websocket', 'webtransport'];

/** The options whose values are checked and completed here. */
const ENGINE_OPTIONS = OPTIONS.filter(({ level }) => level === 'engine');

/** Defaults as in engine.io 6.6, and those of the options that only this engine has. */
function defaults() {
  const values = ENGINE_OPTIONS.filter(({ value, isLeftOut }) => value !== undefined && !isLeftOut);
  return {
    ...structuredClone(Object.fromEntries(values.map(({ name, value }) => [name, value]))),
    ioThreads: Math.max(1, Math.min(4, os.availableParallelism() - 1)),
  };
}

/** After which an upgrade is ended that nobody serves. @type {number} */
const DESTROY_UPGRADE_TIMEOUT_MS = BY_NAME.get('destroyUpgradeTimeout')?.value;

/** What may become of slow clients, as the addon counts it. @type {readonly string[]} */
const SLOW_CLIENT_POLICIES = BY_NAME.get('slowClientPolicy')?.choices ?? [];

/** How much larger than `maxSendQueueBytes` the hard limit is by default. */
const HARD_LIMIT_FACTOR = 4;

/**
 * Completes `opts` in place, as engine.io does.
 * @param {any} opts
 * @returns {any} `opts`
 * @throws {TypeError | RangeError} naming the option that cannot be used
 */
function completeOptions(opts) {
  for (const [name, value] of Object.entries(defaults())) opts[name] ??= value;
  opts.hardMaxSendQueueBytes ??= HARD_LIMIT_FACTOR * opts.maxSendQueueBytes;
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
  for (const option of ENGINE_OPTIONS) validateOption(opts[option.name], option);
  if (!Array.isArray(opts.transports)) throw new TypeError('option "transports" must be an array');
  for (const name of opts.transports) {
    if (!TRANSPORTS.includes(name)) {
      throw new RangeError(`option "transports": there is no transport "${name}"`);
    }
  }
  if (opts.allowRequest && typeof opts.allowRequest !== 'function') {
    throw new TypeError('option "allowRequest" must be a function');
  }
  validateProxies(opts.trustedProxies);
  if (opts.cookie) validateCookie(opts.cookie);
  if (opts.initialPacket) validateInitialPacket(opts.initialPacket);
}

/**
 * Checks a value that is to go before an option for one client.
 * @param {string} name
 * @param {unknown} value
 * @throws {TypeError | RangeError} naming the option
 */
function validateValue(name, value) {
  validateOption(value, /** @type {any} */ (BY_NAME.get(name)));
}

/** Window sizes that are no numbers: as the client offers, and none may be offered. */
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
  for (const [name, { value: usual, min = 0, max = 0 }] of partsOf('perMessageDeflate')) {
    options[name] = given[name] ?? usual;
    checkDeflateNumber(name, options[name], min, max);
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

/** Names of ranges, as Express's `trust proxy` has them. */
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** @param {unknown} proxies */
function validateProxies(proxies) {
  if (!Array.isArray(proxies)) throw new TypeError('option "trustedProxies" must be an array');
  for (const proxy of proxies) {
    if (typeof proxy !== 'string') {
      throw new TypeError('option "trustedProxies" must be an array of strings');
    }
    if (!NAMED_RANGES.includes(proxy) && !isRange(proxy)) {
      throw new RangeError(
        `option "trustedProxies": "${proxy}" is no address, no range, and none of ${NAMED_RANGES.join(', ')}`,
      );
    }
  }
}

/**
 * Whether a text is an address, or a range such as `10.0.0.0/8`.
 * @param {string} text
 */
function isRange(text) {
  const [, address, bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = net.isIP(address ?? '');
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
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
    toMessageData(packet);
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
 * What the addon needs to know. `initialPacket` is still what the application gave. So a change is seen
 * without reading its content.
 * @param {any} opts
 * @param {Record<string, any>} [port] what it needs to know of the own port
 */
function nativeOptions(opts, port = NO_PORT) {
  /** @type {Record<string, any>} */
  const options = { ioThreads: opts.ioThreads };
  for (const { name, kind, choices } of PLAIN_OPTIONS) {
    const value = opts[name];
    if (choices) options[name] = choices.indexOf(value);
    else if (kind === 'other') options[name] = Boolean(value);
    else if (typeof value === 'number') options[name] = Math.min(value, Number.MAX_SAFE_INTEGER);
    else options[name] = value;
  }
  options.polling = opts.transports.includes('polling');
  options.websocket = opts.transports.includes('websocket');
  options.webtransport = opts.transports.includes('webtransport');
  options.initialPacket = opts.initialPacket || undefined;
  options.trustedProxies = opts.trustedProxies;
  options.isDraining = false;
  return Object.assign(options, port);
}

/**
 * The same with that packet as the addon takes it.
 * @param {ReturnType<typeof nativeOptions>} options
 */
function readyForAddon(options) {
  const { initialPacket } = options;
  return { ...options, initialPacket: initialPacket && toMessageData(initialPacket) };
}

module.exports = {
  SLOW_CLIENT_POLICIES,
  DESTROY_UPGRADE_TIMEOUT_MS,
  completeOptions,
  deflateOptions,
  nativeOptions,
  readyForAddon,
  validate,
  validateValue,
};
