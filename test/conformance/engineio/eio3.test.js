/**
 * The third revision of the protocol, with `allowEIO3`.
 */
'use strict';

const frames = require('../support/frames');
const { SID } = require('../support/conversation');
const {
  POSTED,
  answer,
  begin,
  describeGroups,
  drop,
  emit,
  end,
  handshake,
  happened,
  hear,
  hearEnd,
  onServer,
  open,
  openWebSocket,
  payload,
  poll,
  post,
  refusal,
  say,
  switching,
  upgradeRefusal,
  write,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');

/** A payload of text packets: each with its length in UTF-16 units. */
const packed = (/** @type {string[]} */ ...packets) =>
  packets.map((packet) => `${packet.length}:${packet}`).join('');
/** A payload of bytes: for each packet its kind, its length in digits, 255, and itself. */
const packedBytes = (/** @type {(string | Buffer)[]} */ ...packets) =>
  Buffer.concat(
    packets.flatMap((packet) => [
      Buffer.from([typeof packet === 'string' ? 0 : 1]),
      Buffer.from([...String(packet.length)].map(Number)),
      Buffer.from([255]),
      Buffer.from(packet),
    ]),
  );
const octets = (/** @type {Buffer} */ bytes) =>
  `200 | cache-control: no-store | content-length: ${bytes.length} | content-type: application/octet-stream | <${bytes.toString('hex')}>`;

const speak =
  (/** @type {string | undefined} */ EIO, more = {}) =>
  (talk) => {
    talk.query = { EIO, ...more };
  };
const SPEAK = speak('3');
const TOLD = 'open polling v3';
const OPEN = `open: ${payload(packed(handshake()))}`;
const BINARY = { headers: { 'Content-Type': 'application/octet-stream' } };
const SOCKET = [SPEAK, openWebSocket('ws', { query: { sid: undefined } }), hear('ws')];
const SAW_SOCKET = [`ws: ${switching()}`, `ws: ${JSON.stringify(handshake({ upgrades: [] }))}`];

const accepted = (name, body, told, form = {}) => ({
  name,
  steps: [SPEAK, open(), post(body, form), emit('still here'), poll()],
  sees: [OPEN, `POST: ${POSTED}`, `GET: ${payload(packed('4still here'))}`],
  told: [TOLD, ...told],
});

const ended = (name, body, told, form = {}) => ({
  name,
  steps: [SPEAK, open(), post(body, form), happened('close'), poll()],
  sees: [OPEN, `POST: ${POSTED}`, `GET: ${refusal(1, 'Session ID unknown')}`],
  told: [TOLD, ...told, `refused 1 Session ID unknown {"sid":"${SID}"}`],
});

const polling = [
  ...[undefined, '', '2', '5', 'x'].map((EIO) => ({
    name: `EIO ${EIO} is the third revision`,
    steps: [speak(EIO), open()],
    sees: [OPEN],
    told: [TOLD],
  })),
  accepted('a message', packed('4hello'), ['data "hello"']),
  accepted('several packets', packed('4a', '4b'), ['data "a"', 'data "b"']),
  accepted('lengths count UTF-16 units', packed('4é', '4😀', '4a'), [
    'data "é"',
    'data "😀"',
    'data "a"',
  ]),
  accepted('binary in base64', packed('b4AQID'), ['data <010203>']),
  accepted('bytes', packedBytes(Buffer.from([4, 1, 2])), ['data <0102>'], BINARY),
  accepted(
    'text and bytes',
    packedBytes('4a', Buffer.from([4, 1, 2])),
    ['data "a"', 'data <0102>'],
    BINARY,
  ),
  ended('an empty body', '', ['close parse error']),
  ended('no length', '4a', ['close parse error']),
  ended('a length beyond the body', '5:4a', ['close parse error']),
  ended('a letter for a length', 'x:4a', ['close parse error']),
  ended('an unknown packet', packed('9a'), ['close parse error']),
  ended('a pong: only servers answer pings', packed('3'), [
    'close transport error: invalid heartbeat direction',
  ]),
  {
    name: 'a ping is answered',
    steps: [SPEAK, open(), post(packed('2')), poll()],
    sees: [OPEN, `POST: ${POSTED}`, `GET: ${payload(packed('3'))}`],
    told: [TOLD, 'heartbeat'],
  },
  {
    name: 'outgoing text',
    steps: [SPEAK, open(), emit('a', 'é😀'), poll()],
    sees: [OPEN, `GET: ${payload(packed('4a', '4é😀'))}`],
    told: [TOLD],
  },
  {
    name: 'outgoing bytes',
    steps: [SPEAK, open(), emit(Buffer.from([1, 2]), 'a'), poll()],
    sees: [OPEN, `GET: ${octets(packedBytes(Buffer.from([4, 1, 2]), '4a'))}`],
    told: [TOLD],
  },
  {
    name: 'outgoing bytes in base64',
    steps: [speak('3', { b64: '1' }), open(), emit(Buffer.from([1, 2]), 'a'), poll()],
    sees: [OPEN, `GET: ${payload(packed('b4AQI=', '4a'))}`],
    told: [TOLD],
  },
  {
    name: 'the server closes while a poll waits',
    steps: [SPEAK, open(), begin('poll', 'GET'), onServer((conn) => conn.close()), answer('poll')],
    sees: [OPEN, `poll: ${payload(packed('1'))}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'the server closes while no poll waits',
    steps: [SPEAK, open(), onServer((conn) => conn.close()), poll()],
    sees: [OPEN, `GET: ${payload(packed('6', '1'))}`],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'the client closes',
    steps: [SPEAK, open(), begin('poll', 'GET'), post(packed('1')), answer('poll')],
    sees: [OPEN, `POST: ${POSTED}`, `poll: ${payload(packed('6'))}`],
    told: [TOLD, 'close transport close'],
  },
  {
    name: 'the fourth revision on a session of the third (0.1)',
    steps: [SPEAK, open(), poll({ query: { EIO: '4' } }), post(packed('4a'))],
    sees: [OPEN, `GET: ${refusal(3, 'Bad request')}`, `POST: ${POSTED}`],
    told: [
      TOLD,
      'refused 3 Bad request {"name":"PROTOCOL_MISMATCH","protocol":4,"previousProtocol":3}',
      'data "a"',
    ],
  },
  {
    name: 'the fourth revision is still spoken',
    steps: [open(), post('4a')],
    sees: [`open: ${payload(handshake())}`, `POST: ${POSTED}`],
    told: ['open polling v4', 'data "a"'],
  },
];

const session = (name, steps, sees, told) => ({
  name,
  steps: [...SOCKET, ...steps],
  sees: [...SAW_SOCKET, ...sees],
  told: ['open websocket v3', ...told],
});

const socket = [
  session('text', [say('ws', '4é')], [], ['data "é"']),
  session('bytes have a type', [say('ws', Buffer.from([4, 1, 2]))], [], ['data <0102>']),
  session('binary in base64', [say('ws', 'b4AQI=')], [], ['data <0102>']),
  session('outgoing', [emit('é', Buffer.from([1])), hear('ws', 2)], ['ws: "4é"', 'ws: <0401>'], []),
  session('a ping', [say('ws', '2'), hear('ws')], ['ws: "3"'], ['heartbeat']),
  session(
    'a pong',
    [say('ws', '3'), hear('ws'), write('ws', frames.close()), end('ws'), hearEnd('ws')],
    ['ws: close frame', 'ws: the end'],
    ['close transport error: invalid heartbeat direction'],
  ),
  session('the client goes', [drop('ws')], [], ['close transport close']),
  {
    name: 'upgrade',
    steps: [
      SPEAK,
      open(),
      openWebSocket('ws'),
      say('ws', '2probe'),
      hear('ws'),
      poll(),
      say('ws', '5'),
      happened('upgrade to'),
      emit('down'),
      hear('ws'),
      say('ws', '4up'),
    ],
    sees: [
      OPEN,
      `ws: ${switching()}`,
      'ws: "3probe"',
      `GET: ${payload(packed('6'))}`,
      'ws: "4down"',
    ],
    told: [TOLD, 'upgrading to websocket', 'upgrade to websocket', 'data "up"'],
  },
  {
    name: 'an upgrade with the fourth revision (0.1)',
    steps: [SPEAK, open(), openWebSocket('ws', { query: { EIO: '4' } })],
    sees: [OPEN, `ws: ${upgradeRefusal('Bad request')}`, 'ws: the end'],
    told: [
      TOLD,
      'refused 3 Bad request {"name":"PROTOCOL_MISMATCH","protocol":4,"previousProtocol":3}',
    ],
  },
];

const FAST = { pingInterval: 40, pingTimeout: 110 };
const silence = [
  {
    name: 'no ping on a WebSocket',
    steps: [...SOCKET, hear('ws'), write('ws', frames.close()), end('ws'), hearEnd('ws')],
    sees: [
      SAW_SOCKET[0],
      `ws: ${JSON.stringify(handshake({ ...FAST, upgrades: [] }))}`,
      'ws: close frame',
      'ws: the end',
    ],
    told: ['open websocket v3', 'close ping timeout'],
  },
];

const allowEIO3 = true;
describeGroups(ENGINE_NAMES, [
  { title: 'third revision by polling', opts: { allowEIO3 }, rows: polling },
  { title: 'third revision on a WebSocket', opts: { allowEIO3 }, rows: socket },
  { title: 'third revision without a ping', opts: { allowEIO3, ...FAST }, rows: silence },
]);
