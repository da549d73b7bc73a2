/**
 * The client's end of one connection, as bytes: what came in is kept until it is asked for. Over TLS
 * these are the plain bytes, and each write is a record.
 * Every wait has a deadline, and fails by saying what it waited for.
 */
'use strict';

const { connectTo } = require('../../support/servers/doors');

const DEADLINE_MS = 60_000;

/**
 * A promise's value, or an error if it takes too long.
 * @template T
 * @param {Promise<T>} promise
 * @param {string | (() => string)} what is waited for
 * @returns {Promise<T>}
 */
async function within(promise, what) {
  let timer;
  const expired = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited in vain for ${typeof what === 'function' ? what() : what}`));
    }, DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** The peer has ended the stream before the bytes that were asked for. */
class EndOfStream extends Error {}

class Wire {
  /** @type {Buffer[]} */
  #chunks = [];
  #length = 0;
  #ended = false;
  #notify = () => {};

  /**
   * Connects to a server.
   * @param {import('../../support/servers/doors').Place} place
   * @returns {Promise<Wire>}
   */
  static async open(place) {
    const { socket, carrier, readiness } = connectTo(place);
    const wire = new Wire(socket, carrier);
    await within(new Promise((resolve) => socket.once(readiness, resolve)), 'a connection');
    return wire;
  }

  /**
   * @param {import('node:net').Socket} socket
   * @param {import('node:net').Socket} carrier below TLS, or the same
   */
  constructor(socket, carrier) {
    this.socket = socket;
    this.carrier = carrier;
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#notify();
    });
    const end = () => {
      this.#ended = true;
      this.#notify();
    };
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', () => {}); // `close` follows
  }

  /** Whether the peer has ended the stream, with nothing left to read. */
  get isOver() {
    return this.#ended && this.#length === 0;
  }

  /**
   * Writes bytes, and waits until the kernel has them.
   * @param {string | Buffer} bytes
   */
  write(bytes) {
    return new Promise((resolve) => this.socket.write(bytes, resolve));
  }

  /**
   * Writes pieces, and gives a server in this process or on another thread its turn between them. So they are
   * most likely read one by one.
   * @param {Iterable<Buffer>} pieces
   */
  async writeApart(pieces) {
    for (const piece of pieces) {
      await this.write(piece);
      await turn();
      await turn();
    }
  }

  /**
   * The next `length` bytes.
   * @param {number} length
   */
  async take(length) {
    await this.#until(() => this.#length >= length, `${length} bytes`);
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = bytes.length === length ? [] : [bytes.subarray(length)];
    this.#length -= length;
    return bytes.subarray(0, length);
  }

  /**
   * Everything up to and with a mark.
   * @param {string} mark
   */
  async takeThrough(mark) {
    let at = -1;
    const isFound = () => {
      this.#chunks = [Buffer.concat(this.#chunks)];
      at = this.#chunks[0].indexOf(mark);
      return at >= 0;
    };
    await this.#until(isFound, JSON.stringify(mark));
    return this.take(at + mark.length);
  }

  /** Everything up to the end of the stream. */
  async takeAll() {
    while (!this.#ended) await this.#more('the end of the stream');
    return this.take(this.#length);
  }

  /** Waits for the end of the stream; more bytes are an error. */
  async expectEnd() {
    const rest = await this.takeAll();
    if (rest.length > 0) throw new Error(`bytes instead of the end: ${rest.toString('hex')}`);
  }

  /** Ends our direction. */
  end() {
    this.socket.end();
  }

  /** Ends the connection at once. */
  destroy() {
    this.socket.destroy();
  }

  /** Ends the connection at once, and lets the other side know that it was not in order. */
  reset() {
    this.carrier.resetAndDestroy();
  }

  /**
   * @param {() => boolean} isReady
   * @param {string} what
   */
  async #until(isReady, what) {
    while (!isReady()) {
      if (this.#ended) throw new EndOfStream(`the stream ended before ${what}: ${this.#preview()}`);
      await this.#more(what);
    }
  }

  /** @param {string} what */
  #more(what) {
    const arrived = new Promise((resolve) => {
      this.#notify = () => resolve(undefined);
    });
    return within(arrived, () => `${what}; there is ${this.#preview()}`);
  }

  #preview() {
    const bytes = Buffer.concat(this.#chunks);
    return bytes.length === 0 ? 'nothing' : JSON.stringify(bytes.toString('latin1', 0, 200));
  }
}

/** One turn of the event loop. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

module.exports = { EndOfStream, Wire, turn, within };
