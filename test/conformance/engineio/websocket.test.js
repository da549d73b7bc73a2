/** Sessions that begin on a WebSocket: the opening handshake, packets, and the end. */
'use strict';

const frames = require('../support/frames');
const {
  describeGroups,
  drop,
  emit,
  end,
  handshake,
  happened,
  hear,
  hearEnd,
  onServer,
  openWebSocket,
  post,
  poll,
  refusal,
  say,
  switching,
  upgradeRefusal,
  write,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');

const TOLD = 'open websocket v4';
const OPENED = [`ws: ${switching()}`, `ws: ${JSON.stringify(handshake({ upgrades: [] }))}`];
const NEW = { sid: undefined };

/** Opens a session, then goes on. */
const session = (name, steps, sees, told) => ({
  name,
  steps: [openWebSocket('ws', { query: NEW }), hear('ws'), ...steps],
  sees: [...OPENED, ...sees],
  told: [TOLD, ...told],
});

/** Something that is said, after which the session goes on. */
const accepted = (name, said, told) =>
  session(
    name,
    [
      say('ws', ...said),
      say('ws', '4fence'),
      happened('data "fence"'),
      emit('still here'),
      hear('ws'),
    ],
    ['ws: "4still here"'],
    [...told, 'data "fence"'],
  );

/** Bytes after which the server closes with a frame, and what it is told. */
const ended = (name, bytes, closeFrame, told) =>
  session(
    name,
    [write('ws', bytes), hear('ws'), write('ws', frames.close(1000)), end('ws'), hearEnd('ws')],
    [`ws: ${closeFrame}`, 'ws: the end'],
    told,
  );

const packets = [
  accepted('a message', ['4hello'], ['data "hello"']),
  accepted('text beyond ASCII', ['4é€😀\0'], ['data "é€😀\\u0000"']),
  accepted('binary', [Buffer.from([1, 2, 3])], ['data <010203>']),
  accepted('binary that looks like a packet', [Buffer.from('41')], ['data <3431>']),
  accepted('binary without a byte', [Buffer.alloc(0)], ['data <>']),
  accepted('binary in base64, as in polling', ['bAQID'], ['data <010203>']),
  accepted('a message without data', ['4'], ['data undefined']),
  accepted('a pong that nobody waits for', ['3'], ['heartbeat']),
  accepted('a separator is no separator', ['4a\x1e4b'], ['data "a\\u001e4b"']),
  accepted('packets that mean nothing here', ['0{}', '1', '5', '6', '4a'], ['data "a"']),
  ended('an empty frame', frames.text(''), 'close frame', ['close parse error']),
  ended('an unknown packet', frames.text('9a'), 'close frame', ['close parse error']),
  ended('a letter', frames.text('x'), 'close frame', ['close parse error']),
  ended(
    'a message, then garbage',
    Buffer.concat([frames.text('4a'), frames.text('?')]),
    'close frame',
    ['data "a"', 'close parse error'],
  ),
  ended('a ping: only servers ping', frames.text('2'), 'close frame', [
    'close transport error: invalid heartbeat direction',
  ]),
  ended('a probe without an upgrade', frames.text('2probe'), 'close frame', [
    'close transport error: invalid heartbeat direction',
  ]),
];

const error = (message) => [`close transport error: ${message}`];
const violations = [
  ended(
    'no mask',
    frames.text('4a', { masked: false }),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: MASK must be set'),
  ),
  ended(
    'a reserved opcode',
    frames.frame(5, 'a'),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: invalid opcode 5'),
  ),
  ended(
    'reserved bit 1',
    frames.text('4a', { rsv: 4 }),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: RSV1 must be clear'),
  ),
  ended(
    'reserved bits 2 and 3',
    frames.text('4a', { rsv: 3 }),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: RSV2 and RSV3 must be clear'),
  ),
  ended(
    'a continuation of nothing',
    frames.continuation('a'),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: invalid opcode 0'),
  ),
  ended(
    'text within a message',
    Buffer.concat([frames.text('4a', { fin: false }), frames.text('4b')]),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: invalid opcode 1'),
  ),
  ended(
    'a ping in fragments',
    frames.ping('a', { fin: false }),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: FIN must be set'),
  ),
  ended(
    'a long ping',
    frames.ping(Buffer.alloc(126)),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: invalid payload length 126'),
  ),
  ended(
    'a close frame of one byte',
    frames.frame(frames.OPCODE.CLOSE, 'x'),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: invalid payload length 1'),
  ),
  ended(
    'a code that must not be sent',
    frames.close(1005),
    'close frame 1002',
    error('RangeError: Invalid WebSocket frame: invalid status code 1005'),
  ),
  ended(
    'invalid UTF-8',
    frames.text(Buffer.from([0x34, 0xff])),
    'close frame 1007',
    error('Error: Invalid WebSocket frame: invalid UTF-8 sequence'),
  ),
  ended(
    'a reason that is not UTF-8',
    frames.close(1000, Buffer.from([0xff])),
    'close frame 1007',
    error('Error: Invalid WebSocket frame: invalid UTF-8 sequence'),
  ),
  ended(
    'a message beyond the limit',
    frames.binary('', { announce: 1_000_001n, lengthBytes: 8 }),
    'close frame 1009',
    error('RangeError: Max payload size exceeded'),
  ),
  ended(
    'a length beyond 2^53',
    frames.binary('', { announce: 2n ** 60n, lengthBytes: 8 }),
    'close frame 1009',
    error('RangeError: Unsupported WebSocket frame: payload length > 2^53 - 1'),
  ),
  ended(
    'too many fragments',
    Buffer.concat(
      frames.fragments(
        frames.OPCODE.TEXT,
        Array.from({ length: 16_385 }, () => '4'),
      ),
    ),
    'close frame 1008',
    error('RangeError: Too many message fragments'),
  ),
];

const ends = [
  session(
    'the client says goodbye',
    [write('ws', frames.close(1000, 'Bye')), hear('ws'), hearEnd('ws'), end('ws')],
    ['ws: close frame 1000 Bye', 'ws: the end'],
    ['close transport close'],
  ),
  session(
    'the client says goodbye without a code',
    [write('ws', frames.close()), hear('ws'), hearEnd('ws'), end('ws')],
    ['ws: close frame', 'ws: the end'],
    ['close transport close'],
  ),
  session('the client goes without a word', [drop('ws')], [], ['close transport close']),
  session(
    'the client ends its direction without a word',
    [end('ws'), hearEnd('ws')],
    ['ws: the end'],
    ['close transport close'],
  ),
  session(
    'the server closes',
    [
      emit('last'),
      onServer((conn) => conn.close()),
      hear('ws', 2),
      write('ws', frames.close()),
      hearEnd('ws'),
    ],
    ['ws: "4last"', 'ws: close frame', 'ws: the end'],
    ['close forced close'],
  ),
  session(
    'the server closes at once',
    [onServer((conn) => conn.close(true)), hear('ws'), write('ws', frames.close()), hearEnd('ws')],
    ['ws: close frame', 'ws: the end'],
    ['close forced close'],
  ),
  session(
    'a POST on a session that is a WebSocket',
    [post('4a'), poll(), say('ws', '4b')],
    [`POST: ${refusal(3, 'Bad request')}`, `GET: ${refusal(3, 'Bad request')}`],
    [
      ...Array(2).fill(
        'refused 3 Bad request {"name":"TRANSPORT_MISMATCH","transport":"polling","previousTransport":"websocket"}',
      ),
      'data "b"',
    ],
  ),
];

const outgoing = [
  session(
    'all kinds of data',
    [
      emit('a', Buffer.from([1, 2]), '', Buffer.alloc(0), new Uint8Array([3]).buffer),
      hear('ws', 5),
    ],
    ['ws: "4a"', 'ws: <0102>', 'ws: "4"', 'ws: <>', 'ws: <03>'],
    [],
  ),
  session(
    'half a surrogate pair becomes the replacement character',
    [emit('a\ud800b', '\udc00'), hear('ws', 2)],
    ['ws: "4a\ufffdb"', 'ws: "4\ufffd"'],
    [],
  ),
];

/** An upgrade that is refused before there is a WebSocket. */
const refusedUpgrade = (name, { query = NEW, ...form }, body, told, more) => ({
  name,
  steps: [openWebSocket('ws', { query: { ...NEW, ...query }, ...form })],
  sees: [`ws: ${upgradeRefusal(body, more)}`, 'ws: the end'],
  told,
});
const header = (key, value) => ({ headers: { [key]: value } });
const KEY = 'Missing or invalid Sec-WebSocket-Key header';
const VERSION = 'Missing or invalid Sec-WebSocket-Version header';
const VERSIONS = ['sec-websocket-version: 13, 8'];

const refusals = [
  ...[undefined, 'constructor', '__proto__', 'unknown', 'webtransport'].map((transport) =>
    refusedUpgrade(`transport ${transport}`, { query: { transport } }, 'Transport unknown', [
      `refused 0 Transport unknown ${JSON.stringify({ transport })}`,
    ]),
  ),
  refusedUpgrade('an unknown session', { query: { sid: 'x' } }, 'Session ID unknown', [
    'refused 1 Session ID unknown {"sid":"x"}',
  ]),
  refusedUpgrade('a POST', { method: 'POST' }, 'Bad handshake method', [
    'refused 2 Bad handshake method {"method":"POST"}',
  ]),
  refusedUpgrade('no key', header('Sec-WebSocket-Key', undefined), KEY, []),
  refusedUpgrade('a short key', header('Sec-WebSocket-Key', 'abc'), KEY, []),
  refusedUpgrade(
    'a key that is no base64',
    header('Sec-WebSocket-Key', '!'.repeat(22) + '=='),
    KEY,
    [],
  ),
  refusedUpgrade('no version', header('Sec-WebSocket-Version', undefined), VERSION, [], VERSIONS),
  refusedUpgrade('version 12', header('Sec-WebSocket-Version', '12'), VERSION, [], VERSIONS),
  refusedUpgrade('version x', header('Sec-WebSocket-Version', 'x'), VERSION, [], VERSIONS),
  refusedUpgrade('another protocol', header('Upgrade', 'h2c'), 'Invalid Upgrade header', []),
  refusedUpgrade(
    'two protocols',
    header('Upgrade', 'websocket, h2c'),
    'Invalid Upgrade header',
    [],
  ),
  ...['a,', 'a, a', 'a b', 'b' + ' '.repeat(12_000) + 'x', ',', 'ä'].map((list) =>
    refusedUpgrade(
      `the subprotocols ${JSON.stringify(list.slice(0, 5))}`,
      header('Sec-WebSocket-Protocol', list),
      'Invalid Sec-WebSocket-Protocol header',
      [],
    ),
  ),
  {
    name: 'another revision of the protocol: the genuine server answers 101 first',
    steps: [openWebSocket('ws', { query: { sid: undefined, EIO: '3' } }), hearEnd('ws')],
    sees: [
      `ws: ${switching()}`,
      `ws: the end after ${JSON.stringify(
        'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n' +
          'Content-Length: 28\r\n\r\nUnsupported protocol version',
      )}`,
    ],
    told: ['refused 5 Unsupported protocol version {"protocol":3}'],
    genuineWithTls: {
      why: 'the stream is destroyed before its last words are encrypted',
      sees: [`ws: ${switching()}`, 'ws: the end'],
    },
    ours: {
      why: 'a refusal within the WebSocket that was just agreed on is an error of the protocol',
      steps: [openWebSocket('ws', { query: { sid: undefined, EIO: '3' } })],
      sees: [`ws: ${upgradeRefusal('Unsupported protocol version')}`, 'ws: the end'],
    },
  },
];

const opens = (name, form, more) => ({
  name,
  steps: [openWebSocket('ws', { query: NEW, ...form }), hear('ws')],
  sees: [`ws: ${switching(more)}`, OPENED[1]],
  told: [TOLD],
});

const openings = [
  opens('in another case', { headers: { Connection: 'uPGRADE', Upgrade: 'WEBSOCKET' } }),
  opens('among other options', header('Connection', 'keep-alive, Upgrade')),
  opens('version 8', header('Sec-WebSocket-Version', '8')),
  opens('from any origin', header('Origin', 'http://evil.example')),
  opens('with one subprotocol', header('Sec-WebSocket-Protocol', 'chat'), [
    'sec-websocket-protocol: chat',
  ]),
  opens('with several subprotocols', header('Sec-WebSocket-Protocol', 'b, a ,c'), [
    'sec-websocket-protocol: b',
  ]),
  opens('with an extension', header('Sec-WebSocket-Extensions', 'permessage-deflate')),
  opens('with an extension that is none', header('Sec-WebSocket-Extensions', ';;,=')),
  {
    name: 'as an upgrade to polling: 101, then the end',
    steps: [
      openWebSocket('ws', { query: { sid: undefined, transport: 'polling' } }),
      hear('ws'),
      write('ws', frames.close()),
      hearEnd('ws'),
    ],
    sees: [`ws: ${switching()}`, 'ws: close frame', 'ws: the end'],
    told: [],
  },
  {
    name: 'with a message in the same write: the genuine server loses it',
    steps: [
      openWebSocket('ws', { query: NEW, behind: frames.text('4first') }),
      hear('ws'),
      say('ws', '4second'),
    ],
    sees: OPENED,
    told: [TOLD, 'data "second"'],
    ours: {
      why: 'nothing that the client sends in order is lost',
      told: [TOLD, 'data "first"', 'data "second"'],
    },
  },
];

describeGroups(ENGINE_NAMES, [
  { title: 'packets', rows: packets },
  { title: 'violations of the protocol', rows: violations },
  { title: 'ends', rows: ends },
  { title: 'outgoing', rows: outgoing },
  { title: 'refused upgrades', rows: refusals },
  { title: 'opening handshakes', rows: openings },
]);
