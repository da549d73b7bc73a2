/**
 * Sessions over WebTransport (`onWebTransportSession`), of which Node has none itself: a session of
 * two streams stands for it. New sessions, what cannot be read, and all the ends.
 */
'use strict';

const {
  describeGroups,
  emit,
  handshake,
  happened,
  onServer,
  open,
  payload,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');
const {
  ALL,
  OPENED,
  TOLD,
  begin,
  beginWithoutStream,
  head,
  hear,
  hearEnd,
  onClient,
  say,
  works,
  write,
} = require('../support/webtransport');
const { framed } = require('../../support/fakes/webtransport');

const LIMIT = 1000;

/** What no session survives. @type {[string, Uint8Array][]} */
const UNREADABLE = [
  ['an unknown type', framed('x')],
  ['an empty text', head(0)],
  ['an empty binary packet', head(0x80)],
  ['an empty packet with a length of two bytes', head(126, 0, 0)],
  ['an empty packet with a length of eight bytes', head(255, 0, 0, 0, 0, 0, 0, 0, 0)],
  ['a length beyond the limit', head(126, 0x03, 0xe9)],
  ['a length far beyond it', head(127, 0, 0, 0, 0, 1, 0, 0, 0)],
  ['a length that no number holds', head(127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
  ['a byte order mark alone', framed('\ufeff')],
  ['a text that is no UTF-8', Buffer.from([2, 0xff, 0x34])],
];

/** Those of them that are too large. */
const TOO_LONG = [
  'a length beyond the limit',
  'a length far beyond it',
  'a length that no number holds',
];
const TOLD_TOO_LARGE = {
  why: 'the application can tell who has sent too much, as with WebSocket',
  told: [TOLD, 'close parse error: RangeError: Max payload size exceeded'],
};

/** What opens no session. @type {[string, Uint8Array][]} */
const NO_OPENING = [
  ...UNREADABLE,
  ['a message', framed('4a')],
  ['a base64 message', framed('bAA')],
  ['a binary packet', framed(Buffer.from('0'))],
  ['a probe', framed('2probe')],
  ['no JSON', framed('0{"sid"')],
  ['null', framed('0null')],
  ['no sid', framed('0{}')],
  ['a sid that is no text', framed('0{"sid":5}')],
  ['an empty sid', framed('0{"sid":""}')],
  ['an unknown sid', framed('0{"sid":"unknown"}')],
  ['__proto__', framed('0{"sid":"__proto__"}')],
];

/** A conversation in one chunk, and in chunks of one byte. */
const ALL_AT_ONCE = Buffer.concat(
  ['0', '4first', Buffer.from([1, 2]), `4${'m'.repeat(300)}`, '4last'].map(framed),
);
const BYTE_BY_BYTE = [...ALL_AT_ONCE].map((byte) => Buffer.from([byte]));
const TOLD_ALL = ['"first"', '<0102>', `"${'m'.repeat(300)}"`, '"last"'].map((x) => `data ${x}`);

const sessions = [
  {
    name: 'a session',
    steps: [
      begin('wt', '0'),
      hear('wt'),
      say('wt', '4up', Buffer.from([1, 2]), 'bAwQ=', '4'),
      happened('data undefined'),
      emit('down', Buffer.from([3]), Buffer.alloc(0), '', 'ü€😀'),
      hear('wt', 5),
    ],
    sees: [OPENED, '4down', '<03>', '<>', '4', '4ü€😀'].map((line) => `wt: ${line}`),
    told: [TOLD, 'data "up"', 'data <0102>', 'data <0304>', 'data undefined'],
  },
  {
    name: 'everything in one chunk',
    steps: [begin('wt'), write('wt', ALL_AT_ONCE), hear('wt')],
    sees: [`wt: ${OPENED}`],
    told: [TOLD, ...TOLD_ALL],
  },
  {
    name: 'byte by byte',
    steps: [begin('wt'), write('wt', ...BYTE_BY_BYTE), hear('wt')],
    sees: [`wt: ${OPENED}`],
    told: [TOLD, ...TOLD_ALL],
  },
  {
    name: 'headers that are longer than needed',
    steps: [
      begin('wt'),
      write('wt', Buffer.concat([head(126, 0, 1), Buffer.from('0')])),
      hear('wt'),
      write('wt', head(127, 0, 0, 0, 0, 0, 0, 0, 2), Buffer.from('4a')),
    ],
    sees: [`wt: ${OPENED}`],
    told: [TOLD, 'data "a"'],
  },
  {
    name: 'lengths on both sides of every header',
    steps: [
      begin('wt', '0'),
      hear('wt'),
      emit(...[124, 125, 65534, 65535].map((length) => 'x'.repeat(length))),
      emit(...[125, 126, 65535, 65536].map((length) => Buffer.alloc(length))),
      hear('wt', 8),
    ],
    sees: [
      OPENED,
      ...[124, 125].map((length) => `4${'x'.repeat(length)}`),
      '65535 long',
      '65536 long',
      ...[125, 126, 65535, 65536].map((length) => `${2 * length + 2} long`),
    ].map((line) => `wt: ${line}`),
    told: [TOLD],
  },
  {
    name: 'texts that are no UTF-8, or begin with a byte order mark',
    steps: [
      begin('wt', '0'),
      hear('wt'),
      write('wt', Buffer.from([3, 0x34, 0xff, 0x41])),
      say('wt', '\ufeff4marked', '4\ufeffinside'),
    ],
    sees: [`wt: ${OPENED}`],
    told: [TOLD, 'data "\ufffdA"', 'data "marked"', 'data "\ufeffinside"'],
  },
  {
    name: 'packets that nothing is done with',
    steps: [begin('wt', '0'), hear('wt'), say('wt', '0', '1', '5', '6', '4a')],
    sees: [`wt: ${OPENED}`],
    told: [TOLD, 'data "a"'],
  },
  {
    name: 'a ping of the client',
    steps: [begin('wt', '0'), hear('wt'), say('wt', '2', '4a'), hearEnd('wt')],
    sees: [`wt: ${OPENED}`, 'wt: the end'],
    told: [TOLD, 'close transport error: invalid heartbeat direction'],
  },
  {
    name: 'the server closes',
    steps: [begin('wt', '0'), hear('wt'), onServer((conn) => conn.close()), hearEnd('wt')],
    sees: [`wt: ${OPENED}`, 'wt: the end'],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'the server discards',
    steps: [begin('wt', '0'), hear('wt'), onServer((conn) => conn.close(true)), hearEnd('wt')],
    sees: [`wt: ${OPENED}`, 'wt: the end'],
    told: [TOLD, 'close forced close'],
  },
  {
    name: 'the client closes',
    steps: [begin('wt', '0'), hear('wt'), onClient('wt', (client) => client.end())],
    sees: [`wt: ${OPENED}`],
    told: [TOLD, 'close transport close'],
  },
  {
    name: 'several sessions',
    steps: [begin('a', '0'), hear('a'), begin('b', '0'), hear('b'), ...works('b')],
    sees: [`a: ${OPENED}`, `b: ${OPENED}`, 'b: 4down'],
    told: [TOLD, TOLD, 'data "up"'],
  },
];

const ends = [
  ...UNREADABLE.map(([name, bytes]) => ({
    name,
    steps: [begin('wt', '0'), hear('wt'), write('wt', bytes, framed('4a')), hearEnd('wt')],
    sees: [`wt: ${handshake({ upgrades: [], maxPayload: LIMIT })}`, 'wt: the end'],
    told: [TOLD, 'close parse error'],
    ours: TOO_LONG.includes(name) ? TOLD_TOO_LARGE : undefined,
  })),
  ...NO_OPENING.map(([name, bytes]) => ({
    name: `${name} at the beginning`,
    steps: [begin('wt'), write('wt', bytes), hearEnd('wt')],
    sees: ['wt: the end'],
    told: [],
  })),
  {
    name: 'messages up to the limit',
    steps: [begin('wt', '0'), hear('wt'), say('wt', Buffer.alloc(LIMIT)), happened('data')],
    sees: [`wt: ${handshake({ upgrades: [], maxPayload: LIMIT })}`],
    told: [TOLD, `data <${'00'.repeat(LIMIT)}>`],
  },
];

const WHY_AT_ONCE = 'a client that can answer no ping is noticed at once';
const lost = [
  {
    name: 'the end of the stream alone',
    steps: [begin('wt', '0'), hear('wt'), onClient('wt', (client) => client.endStream())],
  },
  {
    name: 'a stream that fails',
    steps: [
      begin('wt', '0'),
      hear('wt'),
      onClient('wt', (client) => client.abortStream(new Error('reset'))),
    ],
  },
  {
    name: 'a stream that is read no more',
    steps: [
      begin('wt', '0'),
      hear('wt'),
      onClient('wt', (client) => client.cancelStream(new Error('stop sending'))),
      emit('down'),
    ],
  },
].map((row) => ({
  ...row,
  sees: [`wt: ${OPENED}`],
  told: [TOLD],
  ours: { why: WHY_AT_ONCE, told: [TOLD, 'close transport close'] },
}));

const FAST = { pingInterval: 100, pingTimeout: 1000 };
const FAST_OPENED = handshake({ upgrades: [], ...FAST });

describeGroups(ENGINE_NAMES, [
  { title: 'WebTransport', opts: { transports: ALL }, rows: sessions },
  {
    title: 'WebTransport that cannot be read',
    opts: { transports: ALL, maxHttpBufferSize: LIMIT },
    rows: ends,
  },
  { title: 'WebTransport that breaks', opts: { transports: ALL }, rows: lost },
  {
    title: 'WebTransport and heartbeats',
    opts: { transports: ALL, ...FAST },
    rows: [
      {
        name: 'an answer',
        steps: [begin('wt', '0'), hear('wt', 2), say('wt', '3'), happened('heartbeat'), hear('wt')],
        sees: [FAST_OPENED, '2', '2'].map((line) => `wt: ${line}`),
        told: [TOLD, 'heartbeat'],
      },
      {
        name: 'no answer',
        steps: [begin('wt', '0'), hear('wt', 2), hearEnd('wt')],
        sees: [FAST_OPENED, '2', 'the end'].map((line) => `wt: ${line}`),
        told: [TOLD, 'close ping timeout'],
      },
    ],
  },
  {
    title: 'WebTransport and upgradeTimeout',
    opts: { transports: ALL, upgradeTimeout: 100 },
    rows: [
      {
        name: 'no stream',
        steps: [beginWithoutStream('wt'), hearEnd('wt')],
        sees: ['wt: the end'],
        told: [],
      },
      {
        name: 'no packet',
        steps: [begin('wt'), write('wt', head(126, 0)), hearEnd('wt')],
        sees: ['wt: the end'],
        told: [],
      },
    ],
  },
  {
    title: 'WebTransport that is not named in the options',
    rows: [
      {
        name: 'is served all the same',
        steps: [begin('wt', '0'), hear('wt'), ...works('wt')],
        sees: [`wt: ${OPENED}`, 'wt: 4down'],
        told: [TOLD, 'data "up"'],
      },
    ],
  },
  {
    title: 'WebTransport alone',
    opts: { transports: ['webtransport', 'polling'], initialPacket: 'welcome' },
    rows: [
      {
        name: 'upgrades',
        steps: [open()],
        sees: [`open: ${payload(`${handshake({ upgrades: ['webtransport'] })}\x1e4welcome`)}`],
        told: ['open polling v4'],
      },
      {
        name: 'the initial packet',
        steps: [begin('wt', '0'), hear('wt', 2)],
        sees: [`wt: ${OPENED}`, 'wt: 4welcome'],
        told: [TOLD],
      },
    ],
  },
  {
    title: 'WebTransport and hooks, which need a request',
    opts: {
      transports: ALL,
      allowRequest: (/** @type {any} */ _req, /** @type {any} */ callback) => callback('no', false),
    },
    prepare: (engine) => {
      engine.generateId = () => {
        throw new Error('must not be asked');
      };
    },
    rows: [
      {
        name: 'are not asked',
        steps: [begin('wt', '0'), hear('wt')],
        sees: [`wt: ${OPENED}`],
        told: [TOLD],
      },
    ],
  },
  ...[
    { title: 'middlewares, which need a request', opts: {}, isUsed: true },
    { title: 'cors, which is a middleware', opts: { cors: { origin: '*' } }, isUsed: false },
  ].map(({ title, opts, isUsed }) => ({
    title: `WebTransport and ${title}`,
    opts: { transports: ALL, ...opts },
    prepare: (/** @type {any} */ engine) => {
      if (!isUsed) return;
      engine.use((/** @type {any} */ _req, /** @type {any} */ _res, /** @type {any} */ next) =>
        next(),
      );
    },
    rows: [
      {
        name: 'are not compatible',
        steps: [begin('wt', '0'), hearEnd('wt')],
        sees: ['wt: the end'],
        told: [],
      },
    ],
  })),
]);
