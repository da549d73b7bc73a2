/** Packets over HTTP, and every way in which a poll or a POST goes wrong. */
'use strict';

const {
  OPENED,
  POSTED,
  answer,
  begin,
  describeGroups,
  drop,
  emit,
  empty,
  handshake,
  happened,
  onServer,
  open,
  payload,
  poll,
  post,
  request,
  refusal,
  write,
} = require('../support/rows');
const { EVERYWHERE } = require('../support/subjects');
const { SID } = require('../support/conversation');

const OPEN = `open: ${OPENED}`;
const TOLD = 'open polling v4';
const BINARY = { headers: { 'Content-Type': 'application/octet-stream' } };

/** A body that a session takes, and what it is told. */
const accepted = (name, body, told, form = {}) => ({
  name,
  steps: [open(), post(body, form), emit('still here'), poll()],
  sees: [OPEN, `POST: ${POSTED}`, `GET: ${payload('4still here')}`],
  told: [TOLD, ...told],
});

/** A body that ends the session, although the POST is answered. */
const ended = (name, body, told) => ({
  name,
  steps: [open(), begin('poll', 'GET'), post(body), answer('poll'), happened('close'), poll()],
  sees: [
    OPEN,
    `POST: ${POSTED}`,
    `poll: ${payload('1')}`,
    `GET: ${refusal(1, 'Session ID unknown')}`,
  ],
  told: [TOLD, ...told, `refused 1 Session ID unknown {"sid":"${SID}"}`],
});

const bodies = [
  accepted('a message', '4hello', ['data "hello"']),
  accepted('several packets', '4a\x1e4b\x1e4c', ['data "a"', 'data "b"', 'data "c"']),
  accepted('text beyond ASCII and beyond the BMP', '4é€😀', ['data "é€😀"']),
  accepted('binary', 'bAQID', ['data <010203>']),
  accepted('binary without a byte', 'b', ['data <>']),
  accepted('binary and text', '4a\x1ebAQI=\x1e4b', ['data "a"', 'data <0102>', 'data "b"']),
  accepted('base64 without padding', 'bAQI', ['data <0102>']),
  accepted('base64 for URLs', 'b-_-_', ['data <fbffbf>']),
  accepted('base64 with characters that are none', 'bA Q!I=', ['data <0102>']),
  accepted('a byte that is not UTF-8', Buffer.from([0x34, 0xff]), ['data "\ufffd"']),
  accepted('a cut UTF-8 sequence', Buffer.from([0x34, 0xe2, 0x82]), ['data "\ufffd"']),
  accepted('NUL', '4a\0b', ['data "a\\u0000b"']),
  accepted('a message without data', '4', ['data undefined']),
  accepted('a pong that nobody waits for', '3', ['heartbeat']),
  accepted('packets that mean nothing here', '0{}\x1e5\x1e6\x1e4a', ['data "a"']),
  accepted('as another type of content', '4a', ['data "a"'], {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  }),
  accepted('as JSON', '4{"a":1}', ['data "{\\"a\\":1}"'], {
    headers: { 'Content-Type': 'application/json' },
  }),
  accepted('in HTTP chunks', Buffer.from('2\r\n4a\r\n1\r\nb\r\n0\r\n\r\n'), ['data "ab"'], {
    headers: { 'Transfer-Encoding': 'chunked' },
  }),
  ended('an empty body', '', ['close parse error']),
  ended('an unknown packet', '9a', ['close parse error']),
  ended('a byte order mark in front', '\ufeff4a', ['close parse error']),
  ended('a letter', 'x', ['close parse error']),
  ended('a separator', '\x1e', ['close parse error']),
  ended('a message, then garbage, then a message', '4a\x1e?\x1e4b', [
    'data "a"',
    'close parse error',
  ]),
  ended('a separator at the end', '4a\x1e', ['data "a"', 'close parse error']),
  ended('300000 separators', '\x1e'.repeat(300_000), ['close parse error']),
  ended('a ping: only servers ping', '2', ['close transport error: invalid heartbeat direction']),
  {
    name: 'the close packet answers the poll with a noop',
    steps: [open(), begin('poll', 'GET'), post('4a\x1e1\x1e4b'), answer('poll')],
    sees: [OPEN, `POST: ${POSTED}`, `poll: ${payload('6')}`],
    told: [TOLD, 'data "a"', 'close transport close'],
  },
  {
    name: 'binary content is of the third revision',
    steps: [open(), begin('poll', 'GET'), post('4a', BINARY), answer('poll'), happened('close')],
    sees: [OPEN, `POST: ${empty(400)}`, `poll: ${payload('1')}`],
    told: [TOLD, 'close transport error: invalid content'],
  },
];

const answers = [
  {
    name: 'packets that wait for the poll',
    steps: [open(), emit('a', Buffer.from([1, 2, 3]), 'é'), poll()],
    sees: [OPEN, `GET: ${payload('4a\x1ebAQID\x1e4é')}`],
    told: [TOLD],
  },
  {
    name: 'a poll that waits for a packet',
    steps: [open(), begin('poll', 'GET'), emit('a'), answer('poll'), emit('b'), poll()],
    sees: [OPEN, `poll: ${payload('4a')}`, `GET: ${payload('4b')}`],
    told: [TOLD],
  },
  {
    name: 'all kinds of data',
    steps: [
      open(),
      emit('', Buffer.alloc(0), new Uint8Array([1]).buffer, new Uint16Array([258]), '\0'),
      poll(),
    ],
    sees: [OPEN, `GET: ${payload('4\x1eb\x1ebAQ==\x1ebAgE=\x1e4\0')}`],
    told: [TOLD],
  },
  {
    name: 'no XSS filter for old browsers',
    steps: [
      open(),
      emit('a'),
      poll({ headers: { 'User-Agent': 'x;MSIE 9' } }),
      post('4b', { headers: { 'User-Agent': 'Trident/7' } }),
    ],
    sees: [
      OPEN,
      `GET: ${payload('4a', ['x-xss-protection: 0'])}`,
      `POST: ${POSTED} `.replace(' | ok ', ' | x-xss-protection: 0 | ok'),
    ],
    told: [TOLD, 'data "b"'],
  },
  {
    name: 'a poll that accepts compression, but has little to compress',
    steps: [open(), emit('a'), poll({ headers: { 'Accept-Encoding': 'gzip, deflate' } })],
    sees: [OPEN, `GET: ${payload('4a')}`],
    told: [TOLD],
  },
];

const overlaps = [
  {
    name: 'a second poll while one waits',
    steps: [
      open(),
      begin('first', 'GET'),
      begin('second', 'GET'),
      answer('second'),
      answer('first'),
      happened('close'),
      poll(),
    ],
    sees: [
      OPEN,
      `second: ${empty(400)}`,
      `first: ${payload('1')}`,
      `GET: ${refusal(1, 'Session ID unknown')}`,
    ],
    told: [
      TOLD,
      'close transport error: overlap from client',
      `refused 1 Session ID unknown {"sid":"${SID}"}`,
    ],
  },
  {
    name: 'a second POST while one is read',
    steps: [
      open(),
      begin('first', 'POST', { headers: { 'Content-Length': '10' }, body: '4a' }),
      begin('second', 'POST', { body: '4b' }),
      answer('second'),
      (talk) => talk.hearEnd('first'),
      happened('close'),
    ],
    sees: [OPEN, `second: ${empty(400)}`, 'first: the end'],
    told: [TOLD, 'close transport error: data request overlap from client'],
  },
  {
    name: 'a poll while a POST is read',
    steps: [
      open(),
      begin('post', 'POST', { headers: { 'Content-Length': '3' }, body: '4a' }),
      emit('x'),
      poll(),
      write('post', 'b'),
      answer('post'),
    ],
    sees: [OPEN, `GET: ${payload('4x')}`, `post: ${POSTED}`],
    told: [TOLD, 'data "ab"'],
  },
  {
    name: 'a poll that the client gives up',
    steps: [open(), begin('poll', 'GET'), drop('poll'), happened('close'), poll()],
    sees: [OPEN, `GET: ${refusal(1, 'Session ID unknown')}`],
    told: [
      TOLD,
      'close transport error: poll connection closed prematurely',
      `refused 1 Session ID unknown {"sid":"${SID}"}`,
    ],
  },
  {
    name: 'a POST that the client gives up',
    steps: [
      open(),
      begin('post', 'POST', { headers: { 'Content-Length': '10' }, body: '4a' }),
      drop('post'),
    ],
    sees: [OPEN],
    told: [TOLD, 'close transport error: data request connection closed prematurely'],
  },
  ...['PUT', 'DELETE', 'OPTIONS', 'PATCH'].map((method) => ({
    name: `${method} on a session`,
    steps: [open(), request(method), post('4a'), emit('b'), poll()],
    sees: [OPEN, `${method}: ${empty(500)}`, `POST: ${POSTED}`, `GET: ${payload('4b')}`],
    told: [TOLD, 'data "a"'],
  })),
  {
    name: 'HEAD on a session',
    steps: [open(), request('HEAD'), post('4a')],
    sees: [OPEN, 'HEAD: 500', `POST: ${POSTED}`],
    told: [TOLD, 'data "a"'],
  },
];

const descriptions = [
  {
    name: 'the reason of a failed transport is an error that says so',
    steps: [
      open(),
      onServer((conn, talk) => {
        conn.on('close', (_, error) => {
          talk.events.push(`${error instanceof Error} ${error.type} ${error.description}`);
        });
      }),
      post('4a', BINARY),
    ],
    sees: [OPEN, `POST: ${empty(400)}`],
    told: [TOLD, 'close transport error: invalid content', 'true TransportError undefined'],
  },
  {
    name: 'the reason of an orderly end is none',
    steps: [
      open(),
      onServer((conn, talk) => {
        conn.on('close', (...args) => talk.events.push(`${args.length} ${args[1]}`));
      }),
      post('1'),
    ],
    sees: [OPEN, `POST: ${POSTED}`],
    told: [TOLD, 'close transport close', '2 undefined'],
  },
];

const closings = [
  {
    name: 'while a poll waits',
    steps: [open(), begin('poll', 'GET'), onServer((conn) => conn.close()), answer('poll')],
    sees: [OPEN, `poll: ${payload('1')}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'while none waits: with the next poll',
    steps: [open(), onServer((conn) => conn.close()), poll()],
    sees: [OPEN, `GET: ${payload('6\x1e1')}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'with packets that wait for the next poll',
    steps: [open(), emit('a', 'b'), onServer((conn) => conn.close()), poll(), poll()],
    sees: [OPEN, `GET: ${payload('4a\x1e4b')}`, `GET: ${payload('6\x1e1')}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'nothing is sent or received after it',
    steps: [
      open(),
      onServer((conn) => {
        conn.close();
        conn.send('late');
      }),
      post('4late'),
      poll(),
    ],
    sees: [OPEN, `POST: ${POSTED}`, `GET: ${payload('6\x1e1')}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'at once, while none waits',
    steps: [open(), onServer((conn) => conn.close(true)), happened('close'), poll()],
    sees: [OPEN, `GET: ${refusal(1, 'Session ID unknown')}`],
    told: [TOLD, 'close forced close', `refused 1 Session ID unknown {"sid":"${SID}"}`],
  },
  {
    name: 'at once, while a poll waits',
    steps: [open(), begin('poll', 'GET'), onServer((conn) => conn.close(true)), answer('poll')],
    sees: [OPEN, `poll: ${payload('1')}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'twice',
    steps: [
      open(),
      onServer((conn) => {
        conn.close();
        conn.close();
      }),
      poll(),
    ],
    sees: [OPEN, `GET: ${payload('6\x1e1')}`],
    told: [TOLD, 'close forced close'],
  },
];

const small = `open: ${payload(handshake({ maxPayload: 10 }))}`;
const REFUSED_413 = 'POST: 413 | connection: close | transfer-encoding: chunked';
const CLOSED_413 = { why: 'the connection ends with a body that nobody will read' };

const limits = [
  {
    name: 'a body of exactly the limit',
    steps: [open(), post('4123456789')],
    sees: [small, `POST: ${POSTED}`],
    told: [TOLD, 'data "123456789"'],
  },
  {
    name: 'a body beyond the limit: the session goes on',
    steps: [open(), post('4123456789a'), post('4ok'), emit('b'), poll()],
    sees: [small, `POST: ${empty(413)}`, `POST: ${POSTED}`, `GET: ${payload('4b')}`],
    told: [TOLD, 'data "ok"'],
    onOwnPort: {
      ...CLOSED_413,
      sees: [small, REFUSED_413, `POST: ${POSTED}`, `GET: ${payload('4b')}`],
    },
  },
  {
    name: 'a body in HTTP chunks beyond the limit',
    steps: [
      open(),
      post(Buffer.from('5\r\n41234\r\n6\r\n567890\r\n0\r\n\r\n'), {
        headers: { 'Transfer-Encoding': 'chunked' },
      }),
      post('4ok'),
    ],
    sees: [small, `POST: ${empty(413)}`, `POST: ${POSTED}`],
    told: [TOLD, 'data "ok"'],
    onOwnPort: { ...CLOSED_413, sees: [small, REFUSED_413, `POST: ${POSTED}`] },
  },
  {
    name: 'the limit counts bytes, not characters',
    steps: [open(), post('4éééé'), post('4ééééé')],
    sees: [small, `POST: ${POSTED}`, `POST: ${empty(413)}`],
    told: [TOLD, 'data "éééé"'],
    onOwnPort: { ...CLOSED_413, sees: [small, `POST: ${POSTED}`, REFUSED_413] },
  },
];

describeGroups(EVERYWHERE, [
  { title: 'bodies', rows: bodies },
  { title: 'answers', rows: answers },
  { title: 'overlaps and aborts', rows: overlaps },
  { title: 'reasons', rows: descriptions },
  { title: 'closing by the server', rows: closings },
  { title: 'limits', opts: { maxHttpBufferSize: 10 }, rows: limits },
]);
