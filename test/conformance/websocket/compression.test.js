/**
 * permessage-deflate (RFC 7692). Whether a subject compresses is read from its answers. One that does must
 * keep to what it has agreed to. One that does not must decline every offer and go on without. The packages
 * `ws` and `engine.io` do, so that this suite cannot pass by declining.
 */
'use strict';

const assert = require('node:assert/strict');
const zlib = require('node:zlib');
const { Deflation, parametersOf } = require('../support/deflate');
const {
  OPCODE,
  close,
  continuation,
  frame,
  fragments,
  ping,
  readFrame,
  text,
} = require('../support/frames');
const { Lane, SUBJECTS, receive } = require('../support/lane');
const { isOurs } = require('../support/subjects');

const LIMIT = 1_048_576;
const COMPRESSED = 4;

const OFFERS = [
  'permessage-deflate',
  'permessage-deflate; client_max_window_bits',
  'permessage-deflate; client_max_window_bits=9',
  'permessage-deflate; client_max_window_bits="12"',
  'permessage-deflate; server_max_window_bits=9',
  'permessage-deflate; server_max_window_bits=15; client_max_window_bits=15',
  'permessage-deflate; client_no_context_takeover',
  'permessage-deflate; server_no_context_takeover',
  'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10',
  'x-unknown; a=1, permessage-deflate',
  'permessage-deflate; server_no_context_takeover, permessage-deflate',
];

/** Who compresses refuses them or declines; nobody may agree. */
const BAD_OFFERS = [
  'permessage-deflate; server_max_window_bits=7',
  'permessage-deflate; server_max_window_bits=16',
  'permessage-deflate; server_max_window_bits',
  'permessage-deflate; client_max_window_bits=7',
  'permessage-deflate; client_no_context_takeover=1',
  'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
  'permessage-deflate; unknown_parameter',
  'permessage-deflate;;',
  'permessage-bzip2',
  'constructor; constructor',
];

const SIZES = [1, 16, 64, 126, 1024, 4096, 65536, 131072];
const numbers = Buffer.from(
  Uint32Array.from({ length: LIMIT / 4 }, (_, i) => Math.imul(i + 1, 0x9e3779b9)).buffer,
);
/** Messages that compress well, and others that do not. */
const MESSAGES = SIZES.flatMap((size) => [
  { opcode: OPCODE.TEXT, payload: Buffer.alloc(size, '4{"key":"value","other":[1,2,3]},') },
  { opcode: OPCODE.BINARY, payload: numbers.subarray(0, size) },
]);

/**
 * Opens a connection with an offer.
 * @param {Lane} lane
 * @param {string} offer
 */
async function negotiate(lane, offer) {
  const { wire, answer } = await lane.request({ 'Sec-WebSocket-Extensions': offer });
  const parameters = parametersOf(answer.header('sec-websocket-extensions'));
  const negotiated = { compressed: parameters !== undefined };
  const deflation = parameters && new Deflation(parameters);
  if (answer.status === 101 && lane.isEngine) {
    const { payload, isCompressed } = await readFrame(wire, negotiated);
    if (isCompressed) await deflation?.decompress(payload); // its context goes on
  }
  return { wire, answer, parameters, negotiated, deflation };
}

/**
 * Sends a message and gives what comes back.
 * @param {Awaited<ReturnType<typeof negotiate>>} connection
 * @param {Buffer} bytes
 */
async function exchange({ wire, negotiated, deflation }, bytes) {
  wire.write(bytes);
  const received = await receive(wire, () => true, negotiated);
  assert.equal(
    received.close,
    undefined,
    `the server has closed: ${received.close?.toString('hex')}`,
  );
  const [{ opcode, payload, isCompressed }] = received.messages;
  return {
    opcode,
    isCompressed,
    payload: isCompressed ? await deflation?.decompress(payload) : payload,
  };
}

/**
 * Sends what must fail the connection.
 * @param {Awaited<ReturnType<typeof negotiate>>} connection
 * @param {Buffer[]} pieces
 * @param {number} code
 */
async function expectFailure({ wire, negotiated }, pieces, code) {
  wire.write(Buffer.concat(pieces));
  const received = await receive(wire, () => false, negotiated);
  assert.equal(received.close?.readUInt16BE(), code);
  wire.write(close(code));
  wire.end();
  await wire.expectEnd();
}

/** An agreement must be within the offer (7.1). */
function expectWithin(/** @type {string} */ offer, /** @type {Map<string, any>} */ parameters) {
  const offers = offer
    .split(',')
    .filter((each) => each.includes('permessage-deflate'))
    .map((each) => /** @type {any} */ (parametersOf(each.trim().replaceAll('"', ''))));
  const isWithin = offers.some((asked) => {
    const bits = (/** @type {any} */ map, /** @type {string} */ side) =>
      Number(map.get(`${side}_max_window_bits`) ?? 15);
    const clientBits = asked.get('client_max_window_bits');
    return (
      (!asked.has('server_no_context_takeover') || parameters.has('server_no_context_takeover')) &&
      bits(parameters, 'server') <= bits(asked, 'server') &&
      (!parameters.has('client_max_window_bits') ||
        clientBits === true ||
        bits(parameters, 'client') <= Number(clientBits))
    );
  });
  assert.ok(isWithin, `${[...parameters]} was not offered by ${offer}`);
  for (const key of parameters.keys()) {
    assert.match(key, /^(server|client)_(no_context_takeover|max_window_bits)$/);
  }
}

/** Messages as a client compresses them, and what must become of them. */
const COMPRESSED_CASES = [
  {
    name: 'a message without compression',
    send: async () => [text('4plain')],
    echo: '4plain',
  },
  {
    name: 'a compressed message in fragments with a ping in between',
    send: async (/** @type {Deflation} */ deflation) => {
      const payload = await deflation.compress(Buffer.from('4in fragments'));
      return [
        text(payload.subarray(0, 3), { rsv: COMPRESSED, fin: false }),
        ping(),
        continuation(payload.subarray(3)),
      ];
    },
    echo: '4in fragments',
  },
  {
    name: 'a message of which the last fragment is empty',
    send: async (/** @type {Deflation} */ deflation) => [
      text(await deflation.compress(Buffer.from('4abc')), { rsv: COMPRESSED, fin: false }),
      continuation(''),
    ],
    echo: '4abc',
  },
  {
    name: 'a message whose last block is marked as final (7.2.3.4)',
    send: async () => [text(zlib.deflateRawSync('4final'), { rsv: COMPRESSED })],
    echo: '4final',
  },
  {
    name: 'a message in a stored block (7.2.3.3)',
    send: async () => [text(Buffer.from('000500faff3448656c6c00', 'hex'), { rsv: COMPRESSED })],
    echo: '4Hell',
  },
  {
    name: 'an empty binary message',
    send: async () => [frame(OPCODE.BINARY, Buffer.from([0]), { rsv: COMPRESSED })],
    echo: '',
  },
  {
    name: 'garbage',
    send: async () => [text(Buffer.alloc(40, 0xff), { rsv: COMPRESSED })],
    fails: 1007,
  },
  {
    name: 'invalid UTF-8',
    send: async (/** @type {Deflation} */ deflation) => [
      text(await deflation.compress(Buffer.from([0x34, 0xff])), { rsv: COMPRESSED }),
    ],
    fails: 1007,
  },
  {
    name: 'more than the limit out of few bytes',
    send: async (/** @type {Deflation} */ deflation) => [
      text(await deflation.compress(Buffer.alloc(32 * LIMIT, '4')), { rsv: COMPRESSED }),
    ],
    fails: 1009,
  },
  {
    name: 'a compressed ping',
    send: async () => [ping('', { rsv: COMPRESSED })],
    fails: 1002,
  },
  {
    name: 'a continuation that says it is compressed',
    send: async () => fragments(OPCODE.TEXT, ['4a', 'b']).map((f, i) => (i ? mark(f) : f)),
    fails: 1002,
  },
  {
    name: 'another reserved bit',
    send: async () => [text('4a', { rsv: 2 })],
    fails: 1002,
  },
];

/** Sets the bit of compression. */
function mark(/** @type {Buffer} */ bytes) {
  const marked = Buffer.from(bytes);
  marked[0] |= COMPRESSED << 4;
  return marked;
}

describe.each([...SUBJECTS])('permessage-deflate: %s', (subject) => {
  const lane = new Lane(subject);
  let negotiates = false;

  beforeAll(async () => {
    await lane.start({ limit: LIMIT, perMessageDeflate: { threshold: 0 } });
    const { wire, parameters } = await negotiate(lane, OFFERS[0]);
    negotiates = parameters !== undefined;
    wire.destroy();
  });
  afterAll(() => lane.stop());

  test('negotiates or declines', () => {
    if (!isOurs(subject)) assert.ok(negotiates);
  });

  test.each(OFFERS)('offer "%s"', async (offer) => {
    const connection = await negotiate(lane, offer);
    const { wire, answer, parameters, deflation } = connection;
    try {
      assert.equal(answer.status, 101);
      assert.equal(parameters !== undefined, negotiates, 'like the other offers');
      if (parameters) expectWithin(offer, parameters);
      for (const { opcode, payload } of MESSAGES) {
        const rsv = deflation ? COMPRESSED : 0;
        const sent = deflation ? await deflation.compress(payload) : payload;
        const echo = await exchange(connection, frame(opcode, sent, { rsv }));
        assert.equal(echo.opcode, opcode);
        assert.ok(payload.equals(/** @type {Buffer} */ (echo.payload)), `${payload.length} bytes`);
      }
      if (!deflation) await expectFailure(connection, [text('4a', { rsv: COMPRESSED })], 1002);
    } finally {
      wire.destroy();
    }
  });

  test.each(BAD_OFFERS)('bad offer "%s"', async (offer) => {
    const connection = await negotiate(lane, offer);
    const { wire, answer, parameters } = connection;
    try {
      assert.equal(parameters, undefined);
      if (!negotiates) assert.equal(answer.status, 101);
      if (answer.status !== 101) {
        assert.equal(answer.status, 400);
        return;
      }
      const echo = await exchange(connection, text('4plain'));
      assert.deepEqual([echo.isCompressed, String(echo.payload)], [false, '4plain']);
    } finally {
      wire.destroy();
    }
  });

  test.each(COMPRESSED_CASES)('$name', async ({ send, echo, fails }) => {
    const connection = await negotiate(lane, 'permessage-deflate; client_max_window_bits');
    try {
      const pieces = await send(connection.deflation ?? new Deflation(new Map()));
      const isPlain = pieces.every((piece) => (piece[0] & 0x70) === 0);
      if (!negotiates && !isPlain) {
        await expectFailure(connection, pieces, 1002);
      } else if (fails) {
        await expectFailure(connection, pieces, fails);
      } else {
        assert.equal(String((await exchange(connection, Buffer.concat(pieces))).payload), echo);
      }
    } finally {
      connection.wire.destroy();
    }
  });
});
