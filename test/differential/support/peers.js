/**
 * Clients by hand: connections that write down all that they are sent.
 */
'use strict';

const frames = require('../../conformance/support/frames');
const { formatRequest, upgradeHeaders } = require('../../conformance/support/http');
const { EndOfStream, Wire } = require('../../conformance/support/wire');

/** @typedef {import('./world').World} World */

const END_OF_HEAD = '\r\n\r\n';

/**
 * Writes down the head of an answer, line by line, as it is.
 * @param {World} world
 * @param {string} lane
 * @param {string} head
 */
function noteHead(world, lane, head) {
  for (const line of head.split('\r\n')) if (line !== '') world.noteWire(lane, line);
}

class RawWebSocket {
  /** Text messages. @type {string[]} */
  texts = [];
  /** Whether the stream is over. */
  isOver = false;
  #isDestroyed = false;
  /** @type {string | undefined} */
  #sid;

  /**
   * @param {World} world
   * @param {string} lane
   * @param {import('../../support/servers/doors').Place} place
   */
  static async open(world, lane, place) {
    return new RawWebSocket(world, lane, await Wire.open(place));
  }

  /**
   * @param {World} world
   * @param {string} lane
   * @param {Wire} wire
   */
  constructor(world, lane, wire) {
    this.world = world;
    this.lane = lane;
    this.wire = wire;
  }

  /**
   * Asks for the WebSocket.
   * @param {string} target
   * @param {Record<string, string | undefined>} [headers]
   */
  async request(target, headers) {
    this.#sid = /[?&]sid=([^&]+)/.exec(target)?.[1];
    await this.wire.write(formatRequest('GET', target, upgradeHeaders(headers)));
    this.#read();
  }

  /** Whether the server has said something, or ended the stream. */
  get isHeard() {
    return this.texts.length > 0 || this.isOver;
  }

  /** The session that it opened or joined. */
  get sid() {
    return this.#sid ?? /^0\{"sid":"([^"]+)"/.exec(this.texts[0])?.[1] ?? '';
  }

  /** How many text messages begin so. @param {string} start */
  count(start) {
    return this.texts.filter((text) => text.startsWith(start)).length;
  }

  /** Waits for the end of the stream. */
  ended() {
    return this.world.until(() => this.isOver, `the end of ${this.lane}`);
  }

  async #read() {
    try {
      const head = (await this.wire.takeThrough(END_OF_HEAD)).toString('latin1');
      noteHead(this.world, this.lane, head);
      if (head.startsWith('HTTP/1.1 101')) await this.#readFrames();
      else this.world.noteWire(this.lane, 'body', (await this.wire.takeAll()).toString('latin1'));
    } catch (error) {
      // The scenario waits for something else, or has ended the connection itself.
      if (!(error instanceof EndOfStream) || this.#isDestroyed) return;
      this.world.noteWire(this.lane, 'end');
    }
    this.isOver = true;
    this.wire.end();
  }

  async #readFrames() {
    for (;;) {
      const { opcode, payload, fin } = await frames.readFrame(this.wire);
      if (!fin) this.world.noteWire(this.lane, 'fragment');
      this.#noteFrame(opcode, payload);
    }
  }

  /**
   * @param {number} opcode
   * @param {Buffer} payload
   */
  #noteFrame(opcode, payload) {
    const { world, lane } = this;
    if (opcode === frames.OPCODE.TEXT) {
      const text = payload.toString();
      // The answers to fences are no more than that.
      const isFence = /^43(\/[^,]+,)?9\d\d\[\]$|^4the last message$/.test(text);
      if (!isFence) world.noteWire(lane, text);
      this.texts.push(text);
    } else if (opcode === frames.OPCODE.CLOSE) {
      const code = payload.length > 0 ? payload.readUInt16BE() : 'without a code';
      world.noteWire(lane, `close ${code} ${payload.toString('utf8', 2)}`);
      this.write(frames.frame(frames.OPCODE.CLOSE, payload));
    } else {
      world.noteWire(lane, `opcode ${opcode}`, payload);
    }
  }

  /**
   * Sends strings as text, Buffers as binary messages, all in one write.
   * @param {...(string | Buffer)} messages
   */
  send(...messages) {
    const toFrame = (/** @type {string | Buffer} */ message) =>
      typeof message === 'string' ? frames.text(message) : frames.binary(message);
    this.write(Buffer.concat(messages.map(toFrame)));
  }

  /** @param {string | Buffer} bytes */
  write(bytes) {
    this.wire.write(bytes);
  }

  destroy() {
    this.#isDestroyed = true;
    this.isOver = true;
    this.wire.destroy();
  }
}

/**
 * A body without the boundaries of its chunks, which mean nothing; as it is if it is not chunked to
 * its end.
 * @param {string} body one character for each byte
 */
function joined(body) {
  let text = '';
  for (let at = 0; ;) {
    const [head, digits] = /^([\da-f]+)\r\n/.exec(body.slice(at, at + 10)) ?? ['', ''];
    const start = at + head.length;
    const end = start + parseInt(digits, 16);
    if (head === '' || body.slice(end, end + 2) !== '\r\n') return body;
    text += body.slice(start, end);
    at = end + 2;
    if (start === end) return at === body.length ? text : body;
  }
}

class RawHttp {
  /**
   * @param {World} world
   * @param {string} lane
   * @param {import('../../support/servers/doors').Place} place
   */
  static async open(world, lane, place) {
    return new RawHttp(world, lane, await Wire.open(place));
  }

  /**
   * @param {World} world
   * @param {string} lane
   * @param {Wire} wire
   */
  constructor(world, lane, wire) {
    this.world = world;
    this.lane = lane;
    this.wire = wire;
  }

  /** Whether the server has ended the stream. */
  get isOver() {
    return this.wire.isOver;
  }

  /**
   * @param {string} method
   * @param {string} target
   * @param {{ headers?: Record<string, string | undefined>, body?: string | Buffer }} [form]
   */
  async send(method, target, { headers, body } = {}) {
    await this.wire.write(formatRequest(method, target, { Connection: 'close', ...headers }, body));
  }

  /** Writes the whole answer down and gives its text. */
  async answer() {
    const { world, lane } = this;
    const text = (await this.wire.takeAll()).toString('latin1');
    this.wire.end();
    const end = text.indexOf(END_OF_HEAD);
    noteHead(world, lane, end < 0 ? text : text.slice(0, end));
    if (end >= 0) world.noteWire(lane, 'body', joined(text.slice(end + END_OF_HEAD.length)));
    if (text === '') world.noteWire(lane, 'nothing');
    return text;
  }

  destroy() {
    this.wire.destroy();
  }
}

module.exports = { RawHttp, RawWebSocket };
