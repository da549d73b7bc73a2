/**
 * The request of a handshake. Few applications look at it, and an `IncomingMessage` would be the largest
 * part of an idle session. So a session keeps the source of the request; the request is made when
 * somebody looks.
 */
'use strict';

const { IncomingMessage } = require('node:http');
const { queryOf } = require('../http/query');
const { DetachedSocket } = require('./detached-socket');
const { describeTls } = require('./tls-info');

/**
 * @typedef {import('../wire/record-fields').OwnRequest} OwnRequest
 *
 * @typedef {object} RequestSource
 * @property {string} header from the first line to the empty one
 * @property {DetachedSocket} [socket] of a request that Node's server has read
 * @property {string} [address] of a client of the own port; none: unknown
 * @property {number} [port] of that client
 * @property {import('../wire/tls-facts').TlsFacts} [facts] of its connection, if that has TLS
 * @property {any} [headers] as they were made for a look
 * @property {any} [query]
 */

/** What Node's requests have by themselves, and the engine's query. */
const OWN_KEYS = new Set([...Object.keys(new IncomingMessage(/** @type {any} */ (undefined)))]);
for (const name of ['parser', '_query', 'res']) OWN_KEYS.add(name);

/**
 * @param {OwnRequest} own
 * @returns {RequestSource}
 */
function readOwnRequest(own) {
  const { text, facts } = typeof own === 'string' ? { text: own, facts: undefined } : own;
  const end = text.indexOf('\n');
  const [address, port] = text.slice(0, end).split(' ');
  const header = text.slice(end + 1);
  return { header, address: address || undefined, port: Number(port), facts };
}

/**
 * The connection of a request, as its `socket`.
 * @param {RequestSource} source
 * @returns {DetachedSocket}
 */
function socketOf({ socket, address, port, facts }) {
  if (socket) return socket;
  const made = new DetachedSocket(address ? { remoteAddress: address, remotePort: port } : {});
  if (facts) describeTls(made, facts);
  return made;
}

/**
 * @param {RequestSource} source
 * @returns {any}
 */
function buildRequest(source) {
  const [first, ...lines] = source.header.split('\r\n').slice(0, -2);
  const [method, url, version] = first.split(' ');
  const req = /** @type {any} */ (new IncomingMessage(/** @type {any} */ (socketOf(source))));
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
  // Who had these of an earlier look finds the same objects.
  req.headers = source.headers ??= req.headers;
  req._query = source.query ??= queryOf(url);
  if (!req.upgrade) req.res = null;
  req.complete = true;
  req.push(null);
  return req;
}

/**
 * What an upgrade's request was made of, if nobody but the engine can have seen it. A middleware, a hook
 * or another listener of its HTTP server may have: then it is kept as it is.
 * @param {any} req
 * @param {any} server
 * @returns {RequestSource | undefined}
 */
function sourceOf(req, server) {
  const isUnseen =
    server?.listenerCount('upgrade') === 1 &&
    req.socket instanceof DetachedSocket &&
    Object.keys(req).every((name) => OWN_KEYS.has(name)) &&
    req.eventNames().length === 0;
  if (!isUnseen) return undefined;
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}\r\n`];
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    lines.push(req.rawHeaders[i], ': ', req.rawHeaders[i + 1], '\r\n');
  }
  lines.push('\r\n');
  return { header: lines.join(''), socket: req.socket };
}

module.exports = { buildRequest, readOwnRequest, sourceOf };
