/**
 * Where an own port listens: the arguments of Node's `server.listen`, and its errors.
 */
'use strict';

const util = require('node:util');

const BACKLOG = 511;

/**
 * @typedef {object} Address
 * @property {number} port
 * @property {string | undefined} host a name or an address; none: any
 * @property {number} backlog
 * @property {boolean} ipv6Only
 * @property {boolean} reusePort
 */

/**
 * Makes sense of the arguments of `listen`.
 * @param {any[]} args
 * @returns {Address | undefined} undefined: not a port, or an impossible one, which is left to Node
 */
function readAddress(args) {
  const [first, second, third] = args;
  const isOptions = typeof first === 'object' && first !== null;
  const options = isOptions ? first : { port: typeof first === 'function' ? 0 : (first ?? 0) };
  if (options.signal || options.fd !== undefined || options.path !== undefined) return undefined;
  const port = portOf(options.port);
  if (port === undefined) return undefined;
  const backlog = [options.backlog, second, third].find((value) => typeof value === 'number');
  const host = isOptions ? options.host : second;
  return {
    port,
    host: typeof host === 'string' && host !== '' ? host : undefined,
    backlog: backlog || BACKLOG,
    ipv6Only: Boolean(options.ipv6Only),
    reusePort: Boolean(options.reusePort),
  };
}

/** @param {unknown} value */
function portOf(value) {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const port = Number(value);
  return Number.isInteger(port) && port >= 0 && port <= 0xffff ? port : undefined;
}

/**
 * The error of a port that cannot be bound, as Node words it.
 * @param {number} number of the system
 * @param {string} address
 * @param {number} port
 */
function listenError(number, address, port) {
  const [code, text] = util.getSystemErrorMap().get(-number) ?? ['UNKNOWN', 'unknown error'];
  const where = port > 0 ? `${address}:${port}` : address;
  const error = new Error(`listen ${code}: ${text} ${where}`);
  const more = port > 0 ? { port } : {};
  return Object.assign(error, { code, errno: -number, syscall: 'listen', address, ...more });
}

module.exports = { listenError, readAddress };
