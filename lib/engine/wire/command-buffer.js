/**
 * Gathers commands for the I/O threads, and decides when they are handed over. They stand in one string, one
 * array of numbers and one of values (Buffers and long strings).
 *
 * A turn is one batch from the I/O threads, or else one tick. Its first packet is handed over at once, so
 * that it leaves before whatever the application does next. Later ones are gathered. They are handed over
 * when the turn ends, or when an I/O thread finds that the last flush is more than a millisecond old
 * (`RecordWriter::wakeAt`). In a batch the thread looks after a millisecond anyway. So the first packet is
 * laid down for it, and it is woken when the turn ends. What Node's sockets have read waits until they all
 * have been looked at.
 *
 * This thread itself writes some answers: to polls of the attached door, and what passes through streams of
 * Node's. While any of these wait, the first packet of a turn is handed over with the wish to run the I/O loops
 * for it. So it leaves at once, too.
 *
 * Bound: handed over early beyond MAX_NUMBERS or MAX_LENGTH. The addon then makes this thread wait when
 * an I/O thread has 64 MiB unread.
 */
'use strict';

const { COMMAND, FLAG, SUBMIT, TURN } = require('./layout');

const { DUE } = TURN;

const MAX_NUMBERS = 16 * 1024;
const MAX_LENGTH = 256 * 1024;
/** Flushes of open turns are numbered up to this, then from 1 again. */
const MAX_FLUSHES = 0x3fffffff;

/** @typedef {string | Uint8Array} Part */

class CommandBuffer {
  /** Whether the next command has something to do first: schedule the flush of its turn, or begin a tick. */
  #isUnready = true;
  /** Whether a packet of this turn has been handed over. */
  #isTurnOpen = false;
  #flushes = 0;
  /**
   * Whether ticks are told apart within a turn. A volatile packet depends on what was sent before it in its
   * tick. So this holds once anybody has sent one, and while a client is let in.
   */
  #followsTicks = false;
  #usesVolatile = false;
  /** Whether a callback at the end of this tick is scheduled. */
  #isTickAwaited = false;
  /** Whether it has come since the last packet. */
  #isTickOver = false;
  /** Whether a flush at the end of this tick is scheduled. */
  #isScheduled = false;
  /** Whether a flush is scheduled for when Node has looked at all its sockets (`setImmediate`). */
  #isScheduledLate = false;
  /** While a batch from the I/O threads is being delivered, its end flushes. */
  #isBatchOpen = false;
  /** Whether the addon holds commands that it has not given to the I/O threads yet: what `flush` returns. */
  #isTaken = false;
  /** Whether the last flush was laid down, for threads that look for it. They may have to be woken. */
  #isLaid = false;
  /** Set when the process ends: every packet then leaves at once, and this is called after it. */
  /** @type {(() => void) | undefined} */
  #onExitFlush;

  #endTurnBound = () => this.endTurn();
  #endTickBound = () => {
    this.#isTickAwaited = false;
    this.#isTickOver = this.#isUnready = true;
  };
  #flushLateBound = () => {
    this.#isScheduledLate = false;
    this.flush();
  };

  /** @param {import('./native').NativeEngine} native */
  constructor(native) {
    this.native = native;
    /** What this thread and the I/O threads tell each other, see TURN. @type {Int32Array} */
    this.turn = native.turn;
    this.numbers = new Int32Array(MAX_NUMBERS);
    this.count = 0;
    this.text = '';
    /** @type {Part[]} */
    this.values = [];
    /** How long the values are that wait. */
    this.heldLength = 0;
    /** How many polls and streams wait for what this thread is to write. */
    this.ownWriters = 0;
    /** Whether `sent` must be called after each packet. Else only where a flush is due, or much waits. */
    this.isAttentive = true;
  }

  /** Begins a turn: a batch from the I/O threads, whose end flushes. */
  beginTurn() {
    this.#isBatchOpen = true;
    this.turn[DUE] = 0;
    this.#isUnready = this.#isTickOver;
  }

  /** Ends the turn: what was gathered leaves. */
  endTurn() {
    this.#isBatchOpen = this.#isScheduled = false;
    this.#isUnready = this.isAttentive = true;
    this.flush();
    this.#followsTicks = this.#usesVolatile;
    if (!this.#isTurnOpen) return;
    this.#isTurnOpen = this.#isTickOver = false;
    this.turn[TURN.OPEN] = 0;
  }

  /** Tells ticks apart until the turn ends. */
  followTicks() {
    this.#followsTicks = this.isAttentive = true;
  }

  /**
   * The process ends: what was gathered leaves, and from now on every packet leaves at once.
   * @param {() => void} onFlush called after each flush
   */
  exit(onFlush) {
    this.endTurn();
    this.#onExitFlush = onFlush;
    onFlush();
  }

  /** Hands everything over, and lets the I/O threads have it. */
  flush() {
    if (this.count > 0 || this.#isTaken) {
      this.#handOver(SUBMIT.NOW);
    } else if (this.#isLaid) {
      this.#isLaid = false;
      this.native.wake();
    }
    this.#onExitFlush?.();
  }

  /** Hands over for later: the addon copies bytes now that the application may change after its emit. */
  copy() {
    // The first packet of a turn is about to be flushed anyway.
    if (this.#isTurnOpen) this.#handOver(SUBMIT.LATER);
  }

  /** Hands over for later what was gathered, so that the addon has counted it. */
  handBack() {
    if (this.count > 0) this.#handOver(SUBMIT.LATER);
  }

  /** @param {number} when whether the I/O threads are to have it now, see SUBMIT */
  #handOver(when) {
    const { count, text, values } = this;
    this.count = 0;
    this.text = '';
    if (values.length > 0) this.values = [];
    this.heldLength = 0;
    this.onHandOver();
    const how = this.#isTurnOpen ? when | this.#continueTurn(when) : when;
    this.#isLaid = when === SUBMIT.LAID;
    this.#isTaken = !this.native.flush(this.numbers, count, text, values, how);
  }

  /** What was gathered is gone: nothing may refer to it any more. */
  onHandOver() {}

  /**
   * Tells the I/O threads of a flush within an open turn.
   * @param {number} when
   * @returns {number} whether the flush goes on with the tick of the one before it, see SUBMIT
   */
  #continueTurn(when) {
    const { turn } = this;
    const isFirst = turn[TURN.OPEN] === 0;
    if (when !== SUBMIT.LATER) {
      this.#flushes = (this.#flushes % MAX_FLUSHES) + 1;
      turn[TURN.OPEN] = this.#flushes;
      turn[DUE] = 0;
    }
    return isFirst ? 0 : SUBMIT.CONTINUED;
  }

  /**
   * Room for `size` numbers, to be filled in at once; makes sure that a flush follows.
   * @param {number} size
   */
  reserve(size) {
    if (this.#isUnready) this.#makeReady();
    const at = this.count;
    if (at + size > this.numbers.length) return this.#room(size);
    this.count = at + size;
    return at;
  }

  #makeReady() {
    this.#isUnready = false;
    if (!this.#isScheduled && !this.#isBatchOpen) {
      this.#isScheduled = true;
      process.nextTick(this.#endTurnBound);
    }
    // What follows is of another tick than what was sent before.
    if (this.#isTickOver) this.numbers[this.#room(1)] = COMMAND.TICK;
    this.#isTickOver = false;
  }

  /**
   * A packet is complete: the first of a turn leaves now, others if the last flush is old.
   * @param {number} flags of the packet
   * @param {boolean} [isShared] whether it has its bytes in common with the next one: then they are
   *   not to cross for each, however many they are
   */
  sent(flags, isShared = false) {
    if ((flags & FLAG.VOLATILE) !== 0) this.#usesVolatile = this.#followsTicks = true;
    if (!this.#isTurnOpen) {
      this.#isTurnOpen = this.#onExitFlush === undefined;
      if (this.ownWriters > 0 && this.#isTurnOpen) {
        this.#handOver(SUBMIT.NOW | SUBMIT.CLAIM);
      } else if (this.#isTurnOpen && this.#isBatchOpen && this.turn[DUE] === 0) {
        this.#handOver(SUBMIT.LAID);
      } else {
        this.flush();
      }
    } else if (this.turn[DUE] !== 0 || (this.isFull && !isShared)) {
      this.flush();
    }
    if (this.#followsTicks && !this.#isTickAwaited) {
      this.#isTickAwaited = true;
      process.nextTick(this.#endTickBound);
    }
    this.isAttentive = !this.#isTurnOpen || this.#followsTicks;
  }

  get isFull() {
    return this.text.length + this.heldLength > MAX_LENGTH;
  }

  /**
   * As `reserve`, for what has come by one of Node's sockets. The other readable sockets are read first, so
   * that a thread is woken once for all of them.
   * @param {number} size
   */
  reserveLate(size) {
    if (!this.#isScheduledLate && !this.#isScheduled && !this.#isBatchOpen) {
      this.#isScheduledLate = true;
      setImmediate(this.#flushLateBound);
    }
    return this.#room(size);
  }

  /** @param {number} size */
  #room(size) {
    if (this.count + size > this.numbers.length) {
      this.flush();
      if (size > this.numbers.length) this.numbers = new Int32Array(2 * size);
    }
    const at = this.count;
    this.count += size;
    return at;
  }

  /**
   * Adds a value that waits for the flush as it is.
   * @param {Part} value
   */
  keep(value) {
    this.values.push(value);
    this.heldLength += value.length;
  }
}

module.exports = { CommandBuffer, MAX_LENGTH };
