/**
 * The answers of an engine over HTTP, as `ask` reports them, and the events of refusals.
 */
'use strict';

const JSON_LINES = [
  'Content-Type: application/json',
  'Connection: close',
  'Transfer-Encoding: chunked',
];
const EMPTY_LINES = ['Connection: close', 'Transfer-Encoding: chunked'];

/** An answer with an error. @param {number} code @param {string} message */
const refusal = (code, message, status = 'HTTP/1.1 400 Bad Request') => {
  const text = JSON.stringify({ code, message });
  const body = `${text.length.toString(16)}\r\n${text}\r\n0\n`;
  return { status, lines: JSON_LINES, body };
};
/** @param {string} status */
const empty = (status) => ({ status: `HTTP/1.1 ${status}`, lines: EMPTY_LINES, body: '0\n' });
const OK = {
  status: 'HTTP/1.1 200 OK',
  lines: [
    'Content-Type: text/html',
    'Content-Length: 2',
    'cache-control: no-store',
    'Connection: close',
  ],
  body: 'ok',
};
/** The answer of a poll. @param {string} payload */
const polled = (payload) => ({
  status: 'HTTP/1.1 200 OK',
  lines: [
    'Content-Type: text/plain; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(payload)}`,
    'cache-control: no-store',
    'Connection: close',
  ],
  body: payload,
});

/** Collects the `connection_error` events. @param {any} engine */
function errorsOf(engine) {
  /** @type {any[]} */
  const errors = [];
  engine.on('connection_error', (/** @type {any} */ { req, code, message, context }) => {
    expect(req.method).toEqual(expect.any(String));
    errors.push({ code, message, context });
  });
  return errors;
}

module.exports = { OK, empty, errorsOf, polled, refusal };
