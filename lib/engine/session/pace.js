/**
 * How fast a client takes what it is sent, for those who ask: `conn.bufferedAmount`, `conn.drained()`, and the
 * events `slow` and `drained`. The I/O thread counts what waits, from the first question on. Also what becomes of
 * the client when it is slow, if that is its own. It is made with the first question.
 */
'use strict';

const { SLOW_CLIENT_POLICIES } = require('../base/options');

/** @typedef {import('./session').Socket} Socket */

/** The largest mark, or bound, that the wire takes. */
const MAX_MARK = 0xffffffff;

class Pace {
  /** Whether the I/O thread counts, and tells when the mark is crossed. */
  #isCounted = false;
  #isMarked = false;
  /** Whether the count is known here: the first question waits for the I/O thread. */
  #isKnown = false;
  /** @type {number | undefined} */
  #highWaterMark;
  /** @type {string | undefined} */
  #slowClientPolicy;
  /** @type {number | undefined} */
  #maxSendQueueBytes;
  /** One for each mark that is on its way; undefined: it is the write watch's. @type {((() => void) | undefined)[]} */
  #marks;

  /**
   * @param {Socket} session
   * @param {number} marks how many of the write watch's are on their way
   */
  constructor(session, marks) {
    this.session = session;
    this.#marks = new Array(marks).fill(undefined);
  }

  /** Bytes that were sent and that the connection has not taken. */
  get bufferedAmount() {
    const { place, generation, server } = this.session;
    const isFirst = !this.#isKnown;
    if (isFirst) {
      this.#isKnown = true;
      if (!this.#isCounted) this.#watch();
      server.commands.flush();
    } else {
      server.commands.handBack();
    }
    return server.native.bufferedAmount(place, generation, isFirst);
  }

  /** More waiting bytes than this make the client slow. */
  get highWaterMark() {
    return this.#highWaterMark ?? this.session.server.opts.sendHighWaterMark;
  }

  set highWaterMark(bytes) {
    this.#highWaterMark = bytes;
    if (this.#isMarked) this.#watch();
  }

  /** What becomes of the client when it is slow: its own policy, or the server's. */
  get slowClientPolicy() {
    return this.#slowClientPolicy ?? this.session.server.opts.slowClientPolicy;
  }

  set slowClientPolicy(policy) {
    this.#slowClientPolicy = policy;
    this.#setSlowClient();
  }

  /** How much may wait for the client: its own bound, or the server's. */
  get maxSendQueueBytes() {
    return this.#maxSendQueueBytes ?? this.session.server.opts.maxSendQueueBytes;
  }

  set maxSendQueueBytes(bytes) {
    this.#maxSendQueueBytes = bytes;
    this.#setSlowClient();
  }

  #setSlowClient() {
    const policy = this.#slowClientPolicy;
    const own = policy === undefined ? 0 : SLOW_CLIENT_POLICIES.indexOf(policy) + 1;
    const bytes = Math.min(this.#maxSendQueueBytes ?? 0, MAX_MARK);
    this.session.server.commands.setSlowClient(this.session, own, bytes);
  }

  /** Somebody listens to `slow` or `drained`. */
  observe() {
    if (this.#isMarked) return;
    this.#isMarked = true;
    this.#watch();
  }

  #watch() {
    this.#isCounted = true;
    const mark = this.#isMarked ? Math.min(this.highWaterMark, MAX_MARK) : 0;
    this.session.server.commands.watch(this.session, mark);
  }

  /**
   * A mark is on its way behind what was sent.
   * @param {(() => void) | undefined} callback called when it comes back; none: it is the write watch's
   */
  addMark(callback) {
    this.#marks.push(callback);
  }

  /**
   * The oldest marks have come back.
   * @param {number} count
   */
  onTaken(count) {
    const callbacks = this.#marks.splice(0, count).filter((callback) => callback !== undefined);
    if (callbacks.length < count) this.session.writeWatch?.onTaken(count - callbacks.length);
    for (const callback of callbacks) callback();
  }

  /** The session is closed: nobody waits for its client any longer. */
  onClose() {
    const { place, generation, server } = this.session;
    const marks = this.#marks;
    this.#marks = [];
    for (const callback of marks) callback?.();
    if (!this.#isCounted) return;
    server.commands.flush(); // or what is sent there would be counted anew
    server.native.forget(place, generation);
  }
}

module.exports = { Pace };
