/**
 * Serves WebTransport sessions that an HTTP/3 server of the application has accepted. It reads the first
 * packet of their stream, which tells the I/O thread that the stream belongs to. Then it carries bytes to and
 * from that thread, where packets are framed and read. Bounds of the first packet: `maxHttpBufferSize` and
 * `upgradeTimeout`. Bound of the way out: 256 KiB, then the I/O thread waits. Bound of the way in: that of a
 * NodeStream.
 */
'use strict';

const { logEngine, logWebTransport } = require('../base/log');
const { WINDOW_BYTES } = require('./node-stream');

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */
/**
 * @typedef {object} WebTransportSession What is used of the W3C's `WebTransport`.
 * @property {Promise<unknown>} closed
 * @property {() => void} close
 * @property {ReadableStream<{ readable: ReadableStream<Uint8Array>,
 *   writable: WritableStream<Uint8Array> }>} incomingBidirectionalStreams
 */
/**
 * @typedef {object} Opening The first packet of a stream.
 * @property {string} sid of the session to be taken over, empty for a new one
 * @property {Buffer} head what was read behind the packet
 */

/**
 * Serves a session from its beginning.
 * @param {Engine} engine
 * @param {WebTransportSession} session
 */
async function serve(engine, session) {
  const { upgradeTimeout, maxHttpBufferSize } = engine.opts;
  let isLate = false;
  const timeout = setTimeout(() => {
    logEngine('the client failed to establish a bidirectional stream in the given period');
    isLate = true;
    close(session);
  }, upgradeTimeout);
  try {
    session.closed.catch(() => {}); // told later to whom it concerns, or not at all
    const { value: stream } = await session.incomingBidirectionalStreams.getReader().read();
    if (stream === undefined) return;
    const reader = stream.readable.getReader();
    const opening = await readOpening(reader, maxHttpBufferSize);
    if (isLate) return;
    const writer = stream.writable.getWriter();
    engine.beginStream(new StreamCarrier(engine, session, reader, writer), opening);
  } catch (error) {
    logEngine('invalid WebTransport handshake: %s', /** @type {Error} */ (error).message);
    close(session);
  } finally {
    clearTimeout(timeout);
  }
}

/**
 * Reads the packet that opens a stream: "0", or "0" and the session to be taken over as JSON.
 * @param {Reader} reader
 * @param {number} limit of the packet's length
 * @returns {Promise<Opening>}
 * @throws {Error} if it is another packet, or the stream ends
 */
async function readOpening(reader, limit) {
  const { bytes, start, end } = await readPacket(reader, limit);
  const packet = new TextDecoder().decode(bytes.subarray(start, end));
  const isBinary = bytes[0] >= 0x80;
  if (isBinary || packet[0] !== '0') throw new Error('the first packet does not open a session');
  return { sid: packet.length === 1 ? '' : sidOf(packet.slice(1)), head: bytes.subarray(end) };
}

/**
 * Reads until one packet is whole; the native parser reads all others.
 * @param {Reader} reader
 * @param {number} limit
 */
async function readPacket(reader, limit) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  const readUntil = async (/** @type {number} */ count) => {
    while (length < count) {
      const { value } = await reader.read();
      if (value === undefined) throw new Error('the stream ended');
      chunks.push(value);
      length += value.length;
    }
    return Buffer.concat(chunks);
  };
  const check = (/** @type {number} */ size) => {
    if (size === 0 || size > limit) throw new Error('the first packet is empty or too large');
    return size;
  };

  let bytes = await readUntil(1);
  let start = 1;
  let size = check(bytes[0] & 0x7f);
  if (size >= 126) {
    start = size === 126 ? 3 : 9;
    bytes = await readUntil(start);
    size = check(start === 3 ? bytes.readUInt16BE(1) : Number(bytes.readBigUInt64BE(1)));
  }
  const end = start + size;
  return { bytes: await readUntil(end), start, end };
}

/** @param {string} json */
function sidOf(json) {
  const { sid } = JSON.parse(json);
  if (typeof sid !== 'string' || sid === '') throw new Error('no session is named');
  return sid;
}

/** @param {WebTransportSession} session */
function close(session) {
  try {
    session.close();
  } catch (error) {
    logWebTransport('the session cannot be closed: %s', /** @type {Error} */ (error).message);
  }
}

/** The stream of a session, as the door has bridges. */
class StreamCarrier {
  #native;
  #records;
  #session;
  #reader;
  #writer;
  #id = 0;
  /** The I/O thread that serves it. */
  #thread = 0;
  #isOver = false;
  /** Bytes that it was given and has not told of. */
  #untaken = 0;
  /** Has reading go on that waits for it. */
  #resume = () => {};

  /**
   * @param {import('../engine').Engine} engine
   * @param {WebTransportSession} session
   * @param {Reader} reader
   * @param {WritableStreamDefaultWriter<Uint8Array>} writer
   */
  constructor({ native, records }, session, reader, writer) {
    this.#native = native;
    this.#records = records;
    this.#session = session;
    this.#reader = reader;
    this.#writer = writer;
  }

  /**
   * Begins to read. Order: after the stream was handed over.
   * @param {number} id
   * @param {number} thread the I/O thread that serves it
   */
  start(id, thread) {
    this.#id = id;
    this.#thread = thread;
    this.#session.closed.then(
      () => this.#finish(),
      (error) => this.#finish(error),
    );
    this.#pump().then(
      () => this.#finish(),
      (error) => this.#finish(error),
    );
  }

  async #pump() {
    for (;;) {
      const { value } = await this.#reader.read();
      if (value === undefined || this.#isOver) return;
      this.#native.streamData(this.#thread, this.#id, value);
      this.#untaken += value.length;
      if (this.#records.isBehind) await this.#delivery();
      if (this.#untaken >= WINDOW_BYTES) await this.#taken();
    }
  }

  /** @returns {Promise<void>} when the I/O thread may be given more */
  #taken() {
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  #delivery() {
    return new Promise((resolve) => this.#records.whenDelivered(() => resolve(undefined)));
  }

  /** @param {Buffer | string} bytes few of them come as characters up to U+00FF */
  write(bytes) {
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    this.#writer.write(chunk).then(
      () => this.#native.streamDrain(this.#thread, this.#id, chunk.length),
      (error) => this.#finish(error),
    );
  }

  /** @param {boolean} isImmediate whether to drop what has not been written yet */
  end(isImmediate) {
    if (isImmediate) {
      this.#finish();
      return;
    }
    this.#writer.close().then(
      () => this.#finish(),
      (error) => this.#finish(error),
    );
  }

  /** @param {number} bytes of what the I/O thread was given */
  onTaken(bytes) {
    this.#untaken -= bytes;
    if (this.#untaken < WINDOW_BYTES) this.#resume();
  }

  /**
   * The stream is over, hence the session, whoever ended it: there is no other stream.
   * @param {unknown} [error]
   */
  #finish(error) {
    if (this.#isOver) return;
    this.#isOver = true;
    if (error !== undefined) logWebTransport('the stream failed: %s', error);
    this.#native.streamEnd(this.#thread, this.#id, '');
    close(this.#session);
  }
}

module.exports = { StreamCarrier, serve };
