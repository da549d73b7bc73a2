/**
 * The request of a handshake that an I/O thread has served by itself: a real `IncomingMessage`, made
 * when somebody looks at it, from the header as the client has sent it.
 */
'use strict';

const { IncomingMessage } = require('node:http');
const net = require('node:net');
const { queryOf } = require('./query');
const { describeTls } = require('./tls-facts');

/**
 * @typedef {object} OwnRequest
 * @property {string} header from the first line to the empty one
 * @property {string} address of the client; empty: unknown
 * @property {number} port of the client
 * @property {import('./tls-facts').TlsFacts} [facts] of a connection with TLS
 */

/** The client's connection, which is an I/O thread's: it tells who the client is. */
class ClientSocket extends net.Socket {
  /** @param {OwnRequest} request */
  constructor({ address, port, facts }) {
    super();
    const family = net.isIPv6(address.split('%', 1)[0]) ? 'IPv6' : 'IPv4';
    const known = { remoteAddress: address, remotePort: port, remoteFamily: family };
    for (const [name, value] of Object.entries(known)) {
      Object.defineProperty(this, name, { value: address ? value : undefined, enumerable: true });
    }
    if (facts) describeTls(this, facts);
    this.destroy();
  }
}

/**
 * @param {OwnRequest} handshake
 * @returns {any}
 */
function buildRequest(handshake) {
  const [first, ...lines] = handshake.header.split('\r\n').slice(0, -2);
  const [method, url, version] = first.split(' ');
  const req = /** @type {any} */ (new IncomingMessage(new ClientSocket(handshake)));
  const rawHeaders = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
  });
  req.method = method;
  req.url = url;
  req.httpVersion = version.slice('HTTP/'.length);
  [req.httpVersionMajor, req.httpVersionMinor] = req.httpVersion.split('.').map(Number);
  req._addHeaderLines(rawHeaders, rawHeaders.length); // Node's rules for headers given twice
  req.upgrade = /(^|,)\s*upgrade\s*(,|$)/i.test(req.headers.connection ?? '');
  req._query = queryOf(url);
  req.res = null;
  req.complete = true;
  req.push(null);
  return req;
}

/** What is left to be made of the requests of these objects. @type {WeakMap<object, OwnRequest>} */
const waiting = new WeakMap();

/** @type {PropertyDescriptor & ThisType<any>} */
const LATER = {
  configurable: true,
  enumerable: true,
  get() {
    this.request = buildRequest(/** @type {OwnRequest} */ (waiting.get(this)));
    return this.request;
  },
  set(value) {
    waiting.delete(this);
    Object.defineProperty(this, 'request', { ...PLAIN, value });
  },
};
const PLAIN = { configurable: true, enumerable: true, writable: true };

/**
 * Makes an object's `request` when it is first read.
 * @param {object} object
 * @param {OwnRequest} own
 */
function makeRequestLater(object, own) {
  waiting.set(object, own);
  Object.defineProperty(object, 'request', LATER);
}

module.exports = { buildRequest, makeRequestLater };
