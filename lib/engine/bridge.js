/**
 * A stream that only Node can read and write (TLS terminated by Node, a duplex pair, a proxy's
 * stream) on its way to and from an I/O thread. Bound: 256 KiB on the way out, then the I/O thread
 * waits; on the way in the stream is paused with all others when this thread cannot keep up.
 */
'use strict';

const net = require('node:net');

/** How much is written before the I/O thread is told what of it was taken: a quarter of its window. */
const ACKNOWLEDGED_BYTES = 64 * 1024;

class Bridge {
  #unacknowledged = 0;
  /** Node's own sockets, with TLS or without, write texts with less ado than Buffers. */
  #takesText;

  /**
   * @param {import('./engine').Engine} engine
   * @param {number} id of the upgrade
   * @param {import('node:stream').Duplex} stream
   */
  constructor({ native, outbox }, id, stream) {
    this.native = native;
    this.outbox = outbox;
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
    const { stream, native, outbox, id } = this;
    stream.on('data', (/** @type {Buffer} */ chunk) => outbox.streamData(thread, id, chunk));
    stream.on('end', () => {
      outbox.flush();
      native.streamReadEnd(thread, id);
    });
    stream.on('error', (/** @type {Error} */ error) => {
      this.failure = error.message;
    });
    stream.on('close', () => {
      outbox.flush();
      native.streamEnd(thread, id, this.failure);
    });
    stream.resume();
  }

  /**
   * @param {Buffer | string} bytes few of them come as characters up to U+00FF
   */
  write(bytes) {
    const count = this.#unacknowledged + bytes.length;
    const isDue = count >= ACKNOWLEDGED_BYTES;
    this.#unacknowledged = isDue ? 0 : count;
    const taken = isDue ? () => this.native.streamDrain(this.thread, this.id, count) : undefined;
    if (typeof bytes !== 'string') this.stream.write(bytes, taken);
    else if (this.#takesText) this.stream.write(bytes, 'latin1', taken);
    else this.stream.write(Buffer.from(bytes, 'latin1'), taken);
  }

  /** @param {boolean} isImmediate whether to drop what has not been written yet */
  end(isImmediate) {
    if (isImmediate) this.stream.destroy();
    else this.stream.end();
  }

  /** @param {boolean} isPaused */
  pause(isPaused) {
    if (isPaused) this.stream.pause();
    else this.stream.resume();
  }
}

module.exports = { Bridge };
