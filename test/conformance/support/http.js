/**
 * HTTP/1.1 by hand: requests as text, and answers as status, headers and body, with the way in which
 * the body was delimited.
 */
'use strict';

const { Wire } = require('./wire');

/**
 * A request's text.
 * @param {string} method
 * @param {string} target
 * @param {Record<string, string | undefined>} [headers] `undefined` leaves one out
 * @param {string | Buffer} [body] with a Content-Length, unless `headers` says otherwise
 * @returns {Buffer}
 */
function formatRequest(method, target, headers = {}, body = undefined) {
  /** @type {Record<string, string | undefined>} */
  const all = { Host: 'localhost', ...headers };
  const isDelimited = 'Content-Length' in all || 'Transfer-Encoding' in all;
  if (body !== undefined && !isDelimited) all['Content-Length'] = String(Buffer.byteLength(body));
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')]);
}

/**
 * The headers that a client sends to open a WebSocket.
 * @param {Record<string, string | undefined>} [more] replaces, adds or (`undefined`) leaves out
 */
function upgradeHeaders(more = {}) {
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...more,
  };
}

/** What RFC 6455 answers to the key above. */
const SAMPLE_ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} phrase behind the status
 * @property {[string, string][]} headers names in lower case, in their order
 * @property {(name: string) => string | undefined} header
 * @property {Buffer} body
 */

/**
 * The next answer of a server. Of a 101 the body is what the new protocol says, and is left alone.
 * @param {import('./wire').Wire} wire
 * @param {string} [method] of the request: the answer to HEAD has no body
 * @returns {Promise<Answer>}
 */
async function readAnswer(wire, method = 'GET') {
  const head = (await wire.takeThrough('\r\n\r\n')).toString('latin1');
  const [first, ...lines] = head.slice(0, -4).split('\r\n');
  const line = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(first);
  if (!line) throw new Error(`not the first line of an answer: ${first}`);
  const headers = lines.map((text) => {
    const colon = text.indexOf(':');
    const name = text.slice(0, colon).toLowerCase();
    return /** @type {[string, string]} */ ([name, text.slice(colon + 1).trim()]);
  });
  const header = (/** @type {string} */ name) => headers.find(([key]) => key === name)?.[1];
  const status = Number(line[1]);
  const isBodiless = method === 'HEAD' || status === 101 || status === 204 || status === 304;
  const body = isBodiless ? Buffer.alloc(0) : await readBody(wire, header);
  return { status, phrase: line[2], headers, header, body };
}

/**
 * @param {import('./wire').Wire} wire
 * @param {(name: string) => string | undefined} header
 */
async function readBody(wire, header) {
  if (header('transfer-encoding') === 'chunked') return readChunks(wire);
  const length = header('content-length');
  return length === undefined ? wire.takeAll() : wire.take(Number(length));
}

/** @param {import('./wire').Wire} wire */
async function readChunks(wire) {
  const chunks = [];
  for (;;) {
    const length = parseInt((await wire.takeThrough('\r\n')).toString(), 16);
    chunks.push(await wire.take(length));
    await wire.takeThrough('\r\n');
    if (length === 0) return Buffer.concat(chunks);
  }
}

/**
 * Asks an own port for what is the application's, on a separate connection. If there is one I/O thread, it
 * has read by then what was written before. Nobody had to listen for requests, which would have all of them
 * go through JavaScript.
 * @param {import('../../support/servers/doors').Place} place
 */
async function passThrough(place) {
  const wire = await Wire.open(place);
  await wire.write(formatRequest('GET', '/elsewhere', { Connection: 'close' }));
  await wire.takeAll();
  wire.destroy();
}

module.exports = { SAMPLE_ACCEPT, formatRequest, passThrough, readAnswer, upgradeHeaders };
