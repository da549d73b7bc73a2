/**
 * Sessions over WebTransport (`onWebTransportSession`), of which Node has none itself: a session of
 * two streams stands for it. Ours joins the subjects when it has the transport.
 */
'use strict';

const assert = require('node:assert/strict');
const { SID } = require('../support/conversation');
const {
  describeGroups,
  emit,
  handshake,
  happened,
  onServer,
  open,
  payload,
} = require('../support/rows');
const { within } = require('../support/wire');

const SUBJECTS = ['engine.io'];
const BINARY_BIT = 0x80;

/** A session with one stream, as the package of that name has them. */
function createSession() {
  const toServer = new TransformStream();
  const toClient = new TransformStream();
  let onClose = () => {};
  return {
    writer: toServer.writable.getWriter(),
    reader: toClient.readable.getReader(),
    ended: new Promise((resolve) => (onClose = () => resolve(undefined))),
    /** What the server gets. */
    session: {
      closed: new Promise(() => {}),
      close: () => onClose(),
      incomingBidirectionalStreams: new ReadableStream({
        start(controller) {
          controller.enqueue({ readable: toServer.readable, writable: toClient.writable });
        },
      }),
    },
  };
}

/** A packet with its length in front. */
function framed(/** @type {string | Buffer} */ packet) {
  const bytes = Buffer.from(packet);
  assert.ok(bytes.length < 126);
  return Buffer.concat([
    Buffer.from([bytes.length | (typeof packet === 'string' ? 0 : BINARY_BIT)]),
    bytes,
  ]);
}

/** @type {ReturnType<typeof createSession>} the one of the row that runs */
let client;

const begin =
  (/** @type {(string | Buffer)[]} */ ...packets) =>
  (talk) => {
    client = createSession();
    talk.engine.onWebTransportSession(client.session);
    return say(...packets)(talk);
  };
const say =
  (/** @type {(string | Buffer)[]} */ ...packets) =>
  (talk) => {
    for (const packet of packets) {
      const bytes = packet === 'sid' ? `0{"sid":"${talk.sid}"}` : packet;
      client.writer.write(framed(bytes)).catch(() => {}); // after the end
    }
  };
/** Reads one packet: a chunk with its head, then one with its data. */
const hear = async (talk) => {
  const { value: head } = await within(client.reader.read(), 'the head of a packet');
  const { value: body } = await within(client.reader.read(), 'a packet');
  const isBinary = (head[0] & BINARY_BIT) !== 0;
  const text = Buffer.from(body).toString(isBinary ? 'hex' : 'utf8');
  const sid = /"sid":"([^"]+)"/.exec(text)?.[1];
  talk.transcript.push((isBinary ? `<${text}>` : text).replace(sid ?? SID, SID));
};
const hearEnd = async (talk) => {
  await within(client.ended, 'the end');
  talk.transcript.push('the end');
};

const OPENED = handshake({ upgrades: [] });
const TOLD = 'open webtransport v4';

describeGroups(SUBJECTS, [
  {
    title: 'WebTransport',
    opts: { transports: ['polling', 'websocket', 'webtransport'] },
    rows: [
      {
        name: 'a session',
        steps: [
          begin('0'),
          hear,
          say('4up', Buffer.from([1, 2])),
          happened('data <'),
          emit('down', Buffer.from([3])),
          hear,
          hear,
        ],
        sees: [OPENED, '4down', '<03>'],
        told: [TOLD, 'data "up"', 'data <0102>'],
      },
      {
        name: 'the server closes',
        steps: [begin('0'), hear, onServer((conn) => conn.close()), hearEnd],
        sees: [OPENED, 'the end'],
        told: [TOLD, 'close forced close'],
      },
      {
        name: 'garbage',
        steps: [begin('0'), hear, say('x'), hearEnd],
        sees: [OPENED, 'the end'],
        told: [TOLD, 'close parse error'],
      },
      {
        name: 'another first packet',
        steps: [begin('4a'), hearEnd],
        sees: ['the end'],
        told: [],
      },
      {
        name: 'an unknown session',
        steps: [begin('0{"sid":"unknown"}'), hearEnd],
        sees: ['the end'],
        told: [],
      },
      {
        name: 'an upgrade',
        steps: [
          open(),
          begin('sid', '2probe'),
          hear,
          say('5', '4up'),
          happened('data'),
          emit('down'),
          hear,
        ],
        sees: [
          `open: ${payload(handshake({ upgrades: ['websocket', 'webtransport'] }))}`,
          '3probe',
          '4down',
        ],
        told: [
          'open polling v4',
          'upgrading to webtransport',
          'upgrade to webtransport',
          'data "up"',
        ],
      },
    ],
  },
  {
    title: 'WebTransport and middlewares, which need a request',
    prepare: (/** @type {any} */ engine) =>
      engine.use((/** @type {any} */ _req, /** @type {any} */ _res, /** @type {any} */ next) =>
        next(),
      ),
    rows: [
      { name: 'are not compatible', steps: [begin('0'), hearEnd], sees: ['the end'], told: [] },
    ],
  },
]);
