/**
 * Connects a stream that only Node can read and write with an I/O thread. Examples are TLS that Node
 * terminates, a duplex pair and a proxy's stream. Bound of the way out: 256 KiB, then the I/O thread waits.
 * Bound of the way in: WINDOW_BYTES beyond what the I/O thread has taken. It takes nothing of a client that is
 * paused. Nor is anything read while this thread cannot keep up.
 */
'use strict';

const net = require('node:net');

/** How much is written before the I/O thread is told how much was taken: a quarter of its window. */
const ACKNOWLEDGED_BYTES = 64 * 1024;

/** How much may be on its way to the I/O thread before the stream is paused. */
const WINDOW_BYTES = 256 * 1024;

/**
 * What streams are to write, at the end of the process: TLS of Node's encrypts one write then, and no more.
 * @type {Map<NodeStream, (Buffer | string)[]> | undefined}
 */
let lastWrites;

/** From now on writes are gathered, as the process ends. */
function gatherLastWrites() {
  lastWrites = new Map();
}

/**
 * Asks the I/O threads for more of what has been gathered.
 * @returns {boolean} whether there may be more
 */
function askForMore() {
  let isAny = false;
  for (const stream of lastWrites?.keys() ?? []) isAny = stream.acknowledge() || isAny;
  return isAny;
}

/** Writes what was gathered, each stream in one write. */
function writeLast() {
  for (const [{ stream }, parts] of lastWrites ?? []) {
    stream.write(
      Buffer.concat(parts.map((part) => Buffer.from(/** @type {any} */ (part), 'latin1'))),
    );
  }
  lastWrites?.clear();
}

/**
 * TLS of Node's writes one thing at a time, and tells so in the next turn of the event loop. So two writes of
 * one turn need some turns more, if the client reads.
 */
const WRITING_TURNS = 3;

/**
 * @param {import('node:stream').Duplex} stream
 * @param {number} turns that it may take
 */
function destroySoon(stream, turns) {
  if (turns === 0 || stream.writableLength === 0) stream.destroy();
  else setImmediate(destroySoon, stream, turns - 1);
}

class NodeStream {
  #unacknowledged = 0;
  /** Bytes that the I/O thread was given and has not told of. */
  #untaken = 0;
  /** Whether it is not given more until this thread has delivered what it was told. */
  #isWaiting = false;
  /** Sockets of Node, with TLS or without, write texts at less cost than Buffers. */
  #takesText;

  /**
   * @param {import('../engine').Engine} engine
   * @param {number} id of the upgrade
   * @param {import('node:stream').Duplex} stream
   */
  constructor({ native, commands, records }, id, stream) {
    this.native = native;
    this.commands = commands;
    this.records = records;
    this.id = id;
    this.stream = stream;
    this.#takesText = stream instanceof net.Socket;
    this.thread = 0;
    this.failure = '';
  }

  /**
   * Begins to read. Order: after the upgrade was handed over.
   * @param {number} thread the I/O thread that serves it
   */
  start(thread) {
    this.thread = thread;
    const { stream, native, commands, id } = this;
    commands.ownWriters += 1;
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      commands.streamData(thread, id, chunk);
      this.#untaken += chunk.length;
      if (this.records.isBehind) this.#waitForDelivery();
      else if (this.#isFull) stream.pause();
    });
    stream.on('end', () => {
      commands.flush();
      native.streamReadEnd(thread, id);
    });
    stream.on('error', (/** @type {Error} */ error) => {
      this.failure = error.message;
    });
    stream.on('close', () => {
      commands.ownWriters -= 1;
      commands.flush();
      native.streamEnd(thread, id, this.failure);
    });
    stream.resume();
  }

  /**
   * @param {Buffer | string} bytes few of them come as characters up to U+00FF
   */
  write(bytes) {
    if (lastWrites !== undefined) {
      this.#unacknowledged += bytes.length;
      const parts = lastWrites.get(this);
      if (parts) parts.push(bytes);
      else lastWrites.set(this, [bytes]);
      return;
    }
    const count = this.#unacknowledged + bytes.length;
    const isDue = count >= ACKNOWLEDGED_BYTES;
    this.#unacknowledged = isDue ? 0 : count;
    const taken = isDue ? () => this.native.streamDrain(this.thread, this.id, count) : undefined;
    if (typeof bytes !== 'string') this.stream.write(bytes, taken);
    else if (this.#takesText) this.stream.write(bytes, 'latin1', taken);
    else this.stream.write(Buffer.from(bytes, 'latin1'), taken);
  }

  /** @returns {boolean} whether anything was written that was not acknowledged */
  acknowledge() {
    const count = this.#unacknowledged;
    this.#unacknowledged = 0;
    if (count > 0) this.native.streamDrain(this.thread, this.id, count);
    return count > 0;
  }

  /** @param {boolean} isImmediate whether to drop what the stream does not take at once */
  end(isImmediate) {
    if (isImmediate) destroySoon(this.stream, WRITING_TURNS);
    else this.stream.end();
  }

  /** @param {number} bytes of what the I/O thread was given */
  onTaken(bytes) {
    const wasFull = this.#isFull;
    this.#untaken -= bytes;
    if (wasFull) this.#readOrPause();
  }

  get #isFull() {
    return this.#untaken >= WINDOW_BYTES;
  }

  /** What it tells of these bytes would come behind all that is not delivered yet. */
  #waitForDelivery() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#readOrPause();
    this.records.whenDelivered(() => {
      this.#isWaiting = false;
      this.#readOrPause();
    });
  }

  #readOrPause() {
    if (this.#isWaiting || this.#isFull) this.stream.pause();
    else this.stream.resume();
  }
}

module.exports = { NodeStream, WINDOW_BYTES, askForMore, gatherLastWrites, writeLast };
