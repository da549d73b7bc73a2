/**
 * Reads what the I/O threads tell, batch after batch, and decides when each record reaches its sink. Node's
 * ticks and microtasks run between the packets of two connections, as between two reads of two sockets. An
 * exception becomes an `uncaughtException`, and the batch goes on. A large batch is delivered in slices, and
 * the event loop turns between them.
 */
'use strict';

const { RECORD } = require('./layout');
const { RecordDecoder } = require('./record-decoder');

/** What `previous` is when ticks must run next, or must not. */
const SETTLE = -2;
const SETTLED = -1;

/** After so many numbers, about as many as 256 events have, the ticks run, and the clock is looked at. */
const NUMBERS_PER_LOOK = 768;
/** How long a slice may take, from its first look at the clock on. */
const SLICE_MS = 10;

/** What every record is compared with. */
const { EVENT, OPEN, RESPONSE } = RECORD;

/**
 * @typedef {object} Posts What the order of ticks depends on besides.
 * @property {(place: number) => boolean} isInPost Whether the packets of a POST are being told to a session
 *   and its answer is still to come. The session is the one of a place, if there is one.
 * @property {(request: number, place: number) => boolean} isPostOf whether a request is a POST for the
 *   session of a place, which may be none
 */

const runTicks = ticksRunner();

/**
 * What runs the pending ticks and microtasks, as Node does between two callbacks.
 * @returns {() => void}
 */
function ticksRunner() {
  const run = /** @type {any} */ (process)._tickCallback;
  return typeof run === 'function' ? run.bind(process) : () => {};
}

class RecordReader extends RecordDecoder {
  /** Until when this slice may last; 0: the clock was not looked at yet. */
  sliceEnd = 0;
  /** Where the clock is looked at next. */
  lookAt = 0;
  /** What waits for the end of the batch. @type {(() => void)[]} */
  #afterwards = [];
  #posts;
  #raise;

  /**
   * @param {import('./record-sinks').RecordSinks} sinks
   * @param {Posts} posts
   * @param {(error: unknown) => void} raise what an exception is given to
   */
  constructor(sinks, posts, raise) {
    super(sinks);
    this.#posts = posts;
    this.#raise = raise;
  }

  /**
   * Whether the last record was a packet of a POST, whose answer is still to come: no ticks run before.
   * @param {number} previous the place of the last record
   */
  #isInPost(previous) {
    return previous >= 0 && this.#posts.isInPost(previous);
  }

  /** Whether the rest of a batch waits for the next turn of the event loop. */
  get isBehind() {
    return this.position < this.count;
  }

  /**
   * Calls a function when the batch that is under way has been delivered. It is for what Node's sockets
   * bring: while this thread is behind, the I/O threads are not given more of that.
   * @param {() => void} callback
   */
  whenDelivered(callback) {
    this.#afterwards.push(callback);
  }

  /**
   * Delivers a batch of `count` numbers, or its beginning. Order: the next batch comes when this one
   * has been delivered to its end; its numbers are not changed before that.
   * @param {Int32Array} records
   * @param {number} count
   * @param {string} latin1
   * @param {string} [utf16]
   * @param {any[]} [extras]
   * @returns {boolean} whether that was all; if not, `goOn` delivers more
   */
  receive(records, count, latin1, utf16, extras) {
    this.begin(records, count, latin1, utf16, extras);
    return this.goOn();
  }

  /**
   * Delivers the next slice of the batch.
   * @returns {boolean} whether it was the last
   */
  goOn() {
    this.sliceEnd = 0;
    this.lookAt = this.position + NUMBERS_PER_LOOK;
    for (let isOver = false; !isOver;) {
      try {
        isOver = this.#deliver();
      } catch (error) {
        this.#raise(error);
        this.settle();
      }
    }
    this.settle();
    if (this.isBehind) return false;
    this.end();
    if (this.#afterwards.length > 0) this.#runAfterwards();
    return true;
  }

  /**
   * Reads on until the end of the slice, or until something throws.
   * @returns {boolean} whether the slice is over
   */
  #deliver() {
    const { records, count } = this;
    let previous = SETTLED;
    for (let at = this.position; at < count; at = this.position) {
      if (at >= this.lookAt && !this.#isInPost(previous)) {
        this.lookAt = at + NUMBERS_PER_LOOK;
        previous = SETTLED;
        runTicks();
        if (this.#isSliceOver()) return true;
      }
      const kind = records[at];
      const place = records[at + 1];
      // A POST is answered before the handlers of its packets run, as with engine.io. What answers it may
      // save an HTTP session, and overwrite what these handlers change in it.
      if (place !== previous && !(kind === RESPONSE && this.#posts.isPostOf(place, previous))) {
        if (previous !== SETTLED) runTicks();
        previous = place;
      }
      if (kind === EVENT) {
        this.deliverEvents(place, this.lookAt < count ? this.lookAt : count);
      } else {
        this.deliver(kind, place);
        // Who waits for a session, by a Promise too, gets to listen before its first message.
        if (kind === OPEN) previous = SETTLE;
      }
    }
    return true;
  }

  #isSliceOver() {
    const now = performance.now();
    if (this.sliceEnd === 0) this.sliceEnd = now + SLICE_MS;
    return now >= this.sliceEnd;
  }

  #runAfterwards() {
    const callbacks = this.#afterwards;
    this.#afterwards = [];
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        this.#raise(error);
      }
    }
  }

  /** Runs all pending ticks, so that what the last handlers sent leaves with the batch. */
  settle() {
    for (let isDone = false; !isDone;) {
      try {
        runTicks();
        isDone = true;
      } catch (error) {
        this.#raise(error);
      }
    }
  }
}

module.exports = { RecordReader };
