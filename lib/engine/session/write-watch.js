/**
 * Which messages of a session have not been taken yet, for those who look: `writeBuffer`, `writable`,
 * `flush` and `drain` events, callbacks of `send`. Every message goes to the I/O thread at once, watched
 * or not. After each watched one goes a mark. The mark comes back when the operating system, or a poll,
 * has taken all before it. The watch is made when somebody first looks.
 * Bound: that of the I/O thread's queue (`maxSendQueueBytes`), at which the session ends.
 */
'use strict';

const { showFlush } = require('./session-writer');

/** @typedef {import('./session').Socket} Socket */
/** @typedef {(transport: any) => void} Callback */

class WriteWatch {
  /** How many of the oldest packets have left `writeBuffer`. */
  #inFlight = 0;
  /** One for each packet that was not taken yet. @type {(Callback | undefined)[]} */
  #callbacks = [];
  /** The sizes of the same packets, in bytes. */
  /** @type {number[]} */
  #sizes = [];

  /** @param {Socket} session */
  constructor(session) {
    this.session = session;
    /** Packets that came while others were on their way. @type {any[]} */
    this.writeBuffer = [];
  }

  /** Whether a packet would leave at once. */
  get writable() {
    return this.#callbacks.length === 0 && this.session.canTake;
  }

  /** How many marks are on their way. */
  get marks() {
    return this.#callbacks.length;
  }

  /** Bytes of the packets that were not taken yet. */
  get bytes() {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Packets have been handed over.
   * @param {any[]} packets
   * @param {number[]} sizes
   * @param {boolean} isAtOnce whether the first of them could leave at once
   * @param {Callback | undefined} callback called when the last of them has been taken
   */
  add(packets, sizes, isAtOnce, callback) {
    const { session, writeBuffer } = this;
    for (const [i, packet] of packets.entries()) {
      this.#callbacks.push(i === packets.length - 1 ? callback : undefined);
      this.#sizes.push(sizes[i]);
      session.addMark(undefined);
      writeBuffer.push(packet);
      if (isAtOnce && i === 0) this.#flush(1);
    }
  }

  /**
   * The oldest packets have been taken.
   * @param {number} count
   */
  onTaken(count) {
    const { session } = this;
    const late = Math.max(0, count - this.#inFlight);
    this.#callBack(count - late);
    // As with engine.io, all that has waited leaves when what was on its way has been taken.
    if (this.#inFlight === 0 && (late > 0 || session.canTake)) this.#flush(this.#waitingFor(late));
    if (late > 0) this.#callBack(late);
    if (!session.isPolling) session.seenTransport?.emit('ready');
  }

  /** A poll has come, which takes all that waits. */
  onPoll() {
    if (this.#inFlight === 0) this.#flush(this.writeBuffer.length);
  }

  /**
   * How much leaves: on a poll that is answered, no more than what went with the answer.
   * @param {number} late
   */
  #waitingFor(late) {
    return this.session.canTake ? this.writeBuffer.length : late;
  }

  /** The session is closed: its listeners may still look at what was not taken. */
  onClose() {
    this.#callbacks = [];
    this.#sizes = [];
    process.nextTick(() => {
      this.writeBuffer = [];
    });
  }

  /**
   * Tells of packets that leave the buffer.
   * @param {number} count
   */
  #flush(count) {
    if (count === 0 || this.session.readyState === 'closed') return;
    this.#inFlight += count;
    const packets = this.writeBuffer;
    this.writeBuffer = packets.splice(count);
    showFlush(this.session, packets);
  }

  /** @param {number} count */
  #callBack(count) {
    const { seenTransport } = this.session;
    this.#inFlight -= count;
    this.#sizes.splice(0, count);
    for (const callback of this.#callbacks.splice(0, count)) callback?.(this.session.transport);
    if (count > 0 && this.#inFlight === 0) seenTransport?.emit('drain');
  }
}

module.exports = { WriteWatch };
