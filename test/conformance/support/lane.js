/**
 * Runs cases of the WebSocket suites against an echoing subject, one connection at a time. A case that leaves
 * the connection open leaves it to the next one, after a message that separates them. Text starts with "4" in
 * all cases, so that it is a message to an engine too.
 */
'use strict';

const assert = require('node:assert/strict');
const frames = require('./frames');
const { formatRequest, readAnswer, upgradeHeaders } = require('./http');
const { ENGINE_NAMES, EVERYWHERE, WS_NAMES, packageOf, startEcho } = require('./subjects');
const { Wire } = require('./wire');

const { OPCODE } = frames;
const TARGET = '/engine.io/?EIO=4&transport=websocket';

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {() => Iterable<Buffer>} send
 * @property {boolean} [isApart] whether each piece is to be read by itself
 * @property {[number, Buffer | string][]} [echoes] opcode and payload of each message
 * @property {(Buffer | string)[]} [pongs]
 * @property {number | null} [fails] the code with which the server closes; null: without a code
 * @property {[number?, string?]} [closes] code and reason with which it answers a close frame
 * @property {Partial<Case>} [onEngine] what is different on an engine, which has packets in frames
 */

class Lane {
  #fences = 0;
  /** @type {Wire | undefined} */
  #wire;
  /** @type {import('./subjects').Running | undefined} */
  #running;

  /** @param {string} subject */
  constructor(subject) {
    this.subject = subject;
    this.isEngine = packageOf(subject) !== 'ws';
  }

  /** @param {{ limit?: number, perMessageDeflate?: any }} [opts] */
  async start(opts) {
    this.#running = await startEcho(this.subject, opts);
  }

  async stop() {
    this.#wire?.destroy();
    await this.#running?.stop();
  }

  /**
   * Asks for a WebSocket.
   * @param {Record<string, string | undefined>} [headers] of the request
   */
  async request(headers) {
    const wire = await Wire.open(/** @type {any} */ (this.#running).place);
    await wire.write(formatRequest('GET', TARGET, upgradeHeaders(headers)));
    return { wire, answer: await readAnswer(wire) };
  }

  /** A WebSocket; on an engine also the session. */
  async connect() {
    const { wire, answer } = await this.request();
    assert.equal(answer.status, 101);
    if (this.isEngine) await frames.readFrame(wire);
    return wire;
  }

  /** @param {Case} plainCase */
  async check(plainCase) {
    const wanted = { ...plainCase, ...(this.isEngine ? plainCase.onEngine : undefined) };
    const wire = this.#wire ?? (await this.connect());
    this.#wire = undefined; // unless all goes well
    try {
      const isOver = wanted.fails !== undefined || wanted.closes !== undefined;
      const written = wanted.isApart
        ? wire.writeApart(wanted.send())
        : wire.write(Buffer.concat([...wanted.send()]));
      if (isOver) {
        await Promise.all([this.#expectClose(wire, wanted), written]);
      } else {
        await written;
        await this.#expectOpen(wire, wanted);
        this.#wire = wire;
      }
    } finally {
      if (!this.#wire) wire.destroy();
    }
  }

  /**
   * @param {Wire} wire
   * @param {Case} wanted
   */
  async #expectOpen(wire, { echoes = [], pongs = [] }) {
    const fence = Buffer.from(`4fence ${++this.#fences}`);
    wire.write(frames.text(fence));
    const isFence = (/** @type {Received} */ { messages }) =>
      messages.length > 0 && messages[messages.length - 1].payload.equals(fence);
    const received = await receive(wire, isFence);
    assert.equal(received.close, undefined, 'the server has closed the connection');
    received.messages.pop();
    expectMessages(received.messages, echoes);
    expectPayloads(received.pongs, pongs, 'pong');
  }

  /**
   * @param {Wire} wire
   * @param {Case} wanted
   */
  async #expectClose(wire, { echoes = [], pongs = [], fails, closes }) {
    const received = await receive(wire, () => false);
    const payload = /** @type {Buffer} */ (received.close);
    const code = payload.length === 0 ? null : payload.readUInt16BE();
    if (closes) {
      // The client was the first to say goodbye: the server ends the stream (7.1.1).
      expectMessages(received.messages, echoes);
      expectPayloads(received.pongs, pongs, 'pong');
      // The code is echoed; the reason may be (5.5.1).
      assert.equal(code, closes[0] ?? null);
      assert.ok(['', closes[1]].includes(payload.toString('utf8', 2)), 'the reason of the answer');
    } else {
      // A server that fails a connection may drop what it had not sent yet.
      expectMessages(received.messages, echoes.slice(0, received.messages.length));
      expectPayloads(received.pongs, pongs.slice(0, received.pongs.length), 'pong');
      assert.equal(code, fails);
      wire.write(frames.frame(OPCODE.CLOSE, payload));
      wire.end();
    }
    await wire.expectEnd();
  }
}

/**
 * @typedef {object} Received
 * @property {{ opcode: number, payload: Buffer, isCompressed: boolean }[]} messages
 * @property {Buffer[]} pongs
 * @property {Buffer | undefined} close the payload of the close frame
 */

/**
 * Reads frames up to a close frame, or until it is enough.
 * @param {Wire} wire
 * @param {(received: Received) => boolean} isEnough asked after each message
 * @param {{ compressed?: boolean }} [negotiated]
 * @returns {Promise<Received>}
 */
async function receive(wire, isEnough, negotiated) {
  /** @type {Received} */
  const received = { messages: [], pongs: [], close: undefined };
  /** @type {any} the message whose fragments are being read */
  let open;
  for (;;) {
    const { fin, opcode, payload, isCompressed } = await frames.readFrame(wire, negotiated);
    if (opcode === OPCODE.CLOSE) return { ...received, close: payload };
    if (opcode === OPCODE.PONG) {
      received.pongs.push(payload);
      continue;
    }
    assert.notEqual(opcode, OPCODE.PING, 'nobody asked the server to ping');
    assert.equal(opcode === OPCODE.CONTINUATION, open !== undefined, 'a continuation or not');
    open ??= { opcode, isCompressed, parts: [] };
    open.parts.push(payload);
    if (!fin) continue;
    received.messages.push({
      opcode: open.opcode,
      isCompressed: open.isCompressed,
      payload: Buffer.concat(open.parts),
    });
    open = undefined;
    if (isEnough(received)) return received;
  }
}

/**
 * @param {{ opcode: number, payload: Buffer }[]} received
 * @param {[number, Buffer | string][]} wanted
 */
function expectMessages(received, wanted) {
  assert.deepEqual(
    received.map(({ opcode }) => opcode),
    wanted.map(([opcode]) => opcode),
    'opcodes of the messages',
  );
  expectPayloads(
    received.map(({ payload }) => payload),
    wanted.map(([, payload]) => payload),
    'message',
  );
}

/**
 * @param {Buffer[]} received
 * @param {(Buffer | string)[]} wanted
 * @param {string} what
 */
function expectPayloads(received, wanted, what) {
  assert.equal(received.length, wanted.length, `the number of ${what}s`);
  wanted.forEach((payload, index) => {
    const isEqual = received[index].equals(Buffer.from(payload));
    const preview = (/** @type {Buffer | string} */ bytes) =>
      Buffer.from(bytes).toString('hex', 0, 80);
    assert.ok(
      isEqual,
      `${what} ${index}: ${preview(received[index])}, wanted: ${preview(payload)}`,
    );
  });
}

/**
 * Makes every case a test, on every subject.
 * @param {string} title
 * @param {readonly string[]} subjects
 * @param {Case[]} cases
 * @param {{ limit?: number }} [opts]
 */
function describeCases(title, subjects, cases, opts) {
  describe.each(subjects)(`${title}: %s`, (subject) => {
    const lane = new Lane(subject);
    beforeAll(() => lane.start(opts));
    afterAll(() => lane.stop());
    for (const each of cases) test(each.name, () => lane.check(each));
  });
}

const SUBJECTS = Object.freeze([...WS_NAMES, ...ENGINE_NAMES]);
/** For the cross-section of subjects.js. */
const SUBJECTS_EVERYWHERE = Object.freeze([...WS_NAMES, ...EVERYWHERE]);

module.exports = { Lane, SUBJECTS, SUBJECTS_EVERYWHERE, describeCases, receive };
