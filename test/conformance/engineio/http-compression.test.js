/**
 * Compressed answers of polling (`httpCompression`).
 */
'use strict';

const assert = require('node:assert/strict');
const zlib = require('node:zlib');
const {
  POSTED,
  describeGroups,
  emit,
  handshake,
  open,
  payload,
  poll,
  post,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');

const TOLD = 'open polling v4';
const OPEN = `open: ${payload(handshake())}`;
const LONG = 'a'.repeat(1023);
const SHORT = 'a'.repeat(1022);

/** A poll whose compressed answer is noted as what it contains. */
const compressedPoll =
  (/** @type {string} */ accept, /** @type {string[]} */ ...contents) =>
  async (talk) => {
    const { status, body, headers } = await talk.exchangeQuietly('GET', {
      headers: { 'Accept-Encoding': accept },
    });
    const head = Object.fromEntries(headers);
    assert.equal(status, 200);
    assert.equal(head['content-length'], undefined);
    assert.equal(head['transfer-encoding'], 'chunked');
    assert.equal(head['content-type'], 'text/plain; charset=UTF-8');
    assert.equal(head['cache-control'], 'no-store');
    const inflate = { gzip: zlib.gunzipSync, deflate: zlib.inflateSync }[head['content-encoding']];
    assert.ok(inflate, `compressed with ${head['content-encoding']}`);
    assert.equal(inflate(body).toString(), contents.join('\x1e'));
    talk.transcript.push(`GET: ${head['content-encoding']}`);
  };

const sends = (/** @type {any} */ data, /** @type {any} */ options) => (talk) => {
  talk.conns[0].send(data, options);
};

/** An answer that is compressed. */
const compressed = (name, accept, encoding, steps, ...contents) => ({
  name,
  steps: [open(), ...steps, compressedPoll(accept, ...contents), post('4still here')],
  sees: [OPEN, `GET: ${encoding}`, `POST: ${POSTED}`],
  told: [TOLD, 'data "still here"'],
});
/** One that is not. */
const plain = (name, accept, steps, ...contents) => ({
  name,
  steps: [open(), ...steps, poll({ headers: { 'Accept-Encoding': accept } })],
  sees: [OPEN, `GET: ${payload(contents.join('\x1e'))}`],
  told: [TOLD],
});

const defaults = [
  compressed('1024 bytes', 'gzip', 'gzip', [emit(LONG)], `4${LONG}`),
  compressed('deflate', 'deflate', 'deflate', [emit(LONG)], `4${LONG}`),
  compressed('the first of equals', 'deflate, gzip', 'deflate', [emit(LONG)], `4${LONG}`),
  compressed('the better one', 'gzip;q=0.1, deflate;q=0.9', 'deflate', [emit(LONG)], `4${LONG}`),
  compressed('anything', '*', 'gzip', [emit(LONG)], `4${LONG}`),
  compressed(
    'the bytes count, not the characters',
    'gzip',
    'gzip',
    [emit('é'.repeat(512))],
    `4${'é'.repeat(512)}`,
  ),
  compressed(
    'the payload counts, not the packet',
    'gzip',
    'gzip',
    [emit(SHORT, 'b')],
    `4${SHORT}`,
    '4b',
  ),
  compressed(
    'one packet that may be compressed is enough',
    'gzip',
    'gzip',
    [sends(LONG, { compress: false }), sends('b')],
    `4${LONG}`,
    '4b',
  ),
  plain('1023 bytes', 'gzip', [emit(SHORT)], `4${SHORT}`),
  plain('no encoding that both know', 'br', [emit(LONG)], `4${LONG}`),
  plain('encodings that are refused', 'gzip;q=0, deflate;q=0', [emit(LONG)], `4${LONG}`),
  plain('identity', 'identity', [emit(LONG)], `4${LONG}`),
  plain('compress: false', 'gzip', [sends(LONG, { compress: false })], `4${LONG}`),
];

describeGroups(ENGINE_NAMES, [
  { title: 'compression by default', rows: defaults },
  {
    title: 'compression from 10 bytes on',
    opts: { httpCompression: { threshold: 10 } },
    rows: [
      {
        name: '10 bytes, and 9',
        steps: [
          // Even the handshake is long enough, but its client does not accept it.
          open(),
          emit('123456789'),
          compressedPoll('gzip', '4123456789'),
          emit('12345678'),
          poll({ headers: { 'Accept-Encoding': 'gzip' } }),
        ],
        sees: [OPEN, 'GET: gzip', `GET: ${payload('412345678')}`],
        told: [TOLD],
      },
    ],
  },
  {
    title: 'no compression',
    opts: { httpCompression: false },
    rows: [plain('a long answer', 'gzip', [emit(LONG)], `4${LONG}`)],
  },
]);
