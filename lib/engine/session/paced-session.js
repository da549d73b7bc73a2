/**
 * The part of a session that tells how its client keeps up. It knows what waits, when the client has taken all, and
 * how long it takes to answer. engine.io has none of this. Nothing is counted before somebody asks. There are no private
 * methods here: they would cost each session a field more.
 */
'use strict';

const { validateValue } = require('../base/options');
const { Pace } = require('./pace');
const { ReceivingSession } = require('./receiving-session');

class PacedSession extends ReceivingSession {
  /** @type {Pace | undefined} */
  #pace;
  /** The I/O thread and slot of the session, and the generation of the slot. */
  place;
  generation;

  /** @param {ConstructorParameters<typeof ReceivingSession>} args */
  constructor(...args) {
    super(...args);
    const [engine, { place, generation }] = args;
    this.place = place;
    this.generation = generation;
    if (engine.observesPressure) this.observePressure();
  }

  /** Made when somebody first asks. */
  get pace() {
    this.#pace ??= new Pace(/** @type {any} */ (this), this.writeWatch?.marks ?? 0);
    return this.#pace;
  }

  /**
   * Bytes that were sent and that the client's connection has not taken, as `maxSendQueueBytes` counts them.
   * The first look waits for the I/O thread.
   * @returns {number}
   */
  get bufferedAmount() {
    return this.readyState === 'closed' ? 0 : this.pace.bufferedAmount;
  }

  /** Beyond so many waiting bytes the client is slow. */
  get sendHighWaterMark() {
    return this.pace.highWaterMark;
  }

  set sendHighWaterMark(bytes) {
    validateValue('sendHighWaterMark', bytes);
    this.pace.highWaterMark = bytes;
  }

  /** What becomes of the client when more than `maxSendQueueBytes` would wait for it. */
  get slowClientPolicy() {
    return this.pace.slowClientPolicy;
  }

  set slowClientPolicy(policy) {
    validateValue('slowClientPolicy', policy);
    if (this.readyState !== 'closed') this.pace.slowClientPolicy = policy;
  }

  /** How many bytes may wait for the client. */
  get maxSendQueueBytes() {
    return this.pace.maxSendQueueBytes;
  }

  set maxSendQueueBytes(bytes) {
    validateValue('maxSendQueueBytes', bytes);
    if (this.readyState !== 'closed') this.pace.maxSendQueueBytes = bytes;
  }

  /**
   * Resolves when the client has taken all that was sent so far, or has left.
   * Errors: rejects when the time is over.
   * @param {{ timeout?: number }} [options] in milliseconds; none: it may take any time
   * @returns {Promise<void>}
   */
  drained({ timeout } = {}) {
    return new Promise((resolve, reject) => {
      const timer =
        timeout === undefined
          ? undefined
          : setTimeout(() => reject(new Error('operation has timed out')), timeout);
      this.whenDrained(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /**
   * The same, for many at once.
   * @param {() => void} callback
   */
  whenDrained(callback) {
    if (this.readyState === 'closed') process.nextTick(callback);
    else this.addMark(callback, this.pace);
  }

  /**
   * How long the client took to answer the last PING of the server, in milliseconds. Undefined before the first
   * answer, after the end, and with protocol 3, where clients ping.
   * @returns {number | undefined}
   */
  get rtt() {
    if (this.readyState === 'closed') return undefined;
    const { native } = /** @type {import('../engine').Engine} */ (this.server);
    const microseconds = native.roundTrip(this.place, this.generation);
    return microseconds < 0 ? undefined : microseconds / 1000;
  }

  /**
   * Asks to be told when all that was sent so far has been taken.
   * @param {(() => void) | undefined} callback none: for the write watch
   * @param {Pace | undefined} [pace] made for the callback
   */
  addMark(callback, pace = this.#pace) {
    pace?.addMark(callback);
    this.server.commands.mark(/** @type {any} */ (this));
  }

  /**
   * What was sent before the oldest marks has been taken.
   * @param {number} marks how many of them
   */
  onTaken(marks) {
    if (this.readyState === 'closed') return;
    if (this.#pace !== undefined) this.#pace.onTaken(marks);
    else this.writeWatch?.onTaken(marks);
  }

  /**
   * Takes nothing from the client until `resume`: no handler of its messages runs, and its connection is read no
   * further. Its heartbeats are not missed.
   */
  pause() {
    if (this.readyState !== 'open' || this.isPaused) return this;
    this.hold();
    this.server.commands.pause(/** @type {any} */ (this), true);
    return this;
  }

  /** Takes what has come meanwhile, and goes on. */
  resume() {
    if (!this.isPaused) return this;
    this.server.commands.pause(/** @type {any} */ (this), false);
    this.release(false);
    return this;
  }

  /** Somebody listens to `slow` or `drained`. */
  observePressure() {
    if (this.readyState !== 'closed') this.pace.observe();
  }

  /**
   * More waits for the client than the mark, or it has taken all since.
   * @param {boolean} isSlow
   * @param {number} bytes that wait
   */
  onPressure(isSlow, bytes) {
    if (this.readyState === 'closed') return;
    const event = isSlow ? 'slow' : 'drained';
    this.emit(event, bytes);
    this.server.emit(event, this, bytes);
  }

  /** Nobody waits for the client any longer. */
  endPace() {
    this.#pace?.onClose();
    this.release(true);
  }
}

module.exports = { PacedSession };
