/**
 * A stream that only Node can read and write (TLS terminated by Node, a duplex pair, a proxy's
 * stream) on its way to and from an I/O thread. Bound: 256 KiB on the way out, then the I/O thread
 * waits; on the way in the stream is paused with all others when this thread cannot keep up.
 */
'use strict';

class Bridge {
  /**
   * @param {any} native the addon's engine
   * @param {number} id of the upgrade
   * @param {import('node:stream').Duplex} stream
   */
  constructor(native, id, stream) {
    this.native = native;
    this.id = id;
    this.stream = stream;
    this.thread = 0;
    this.failure = '';
  }

  /**
   * Begins to read. Order: after the upgrade was handed over.
   * @param {number} thread the I/O thread that serves it
   */
  start(thread) {
    this.thread = thread;
    const { stream, native, id } = this;
    stream.on('data', (/** @type {Buffer} */ chunk) => native.streamData(thread, id, chunk));
    stream.on('end', () => native.streamReadEnd(thread, id));
    stream.on('error', (/** @type {Error} */ error) => {
      this.failure = error.message;
    });
    stream.on('close', () => native.streamEnd(thread, id, this.failure));
    stream.resume();
  }

  /** @param {Buffer} bytes */
  write(bytes) {
    this.stream.write(bytes, () => this.native.streamDrain(this.thread, this.id, bytes.length));
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
