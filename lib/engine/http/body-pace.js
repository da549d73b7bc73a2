/**
 * How fast the bodies of requests come. One timer looks at all that are being read, once a second;
 * most bodies have come before it looks at them at all. A look that comes late does not count: this
 * thread was not there to read, and what has come meanwhile is not read yet.
 */
'use strict';

const LOOK_MS = 1000;
/** After so long a look is late. */
const LATE_MS = 2 * LOOK_MS;

/** @type {Set<BodyPace>} */
const watched = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;
let lastLook = 0;

class BodyPace {
  /** What has come until now. */
  bytes = 0;
  #ageMs = 0;
  #bodyTimeout;
  #bytesPerMs;
  #onTooSlow;

  /**
   * Watches a body from now on.
   * @param {{ bodyTimeout: number, minBodyBytesPerSecond: number }} limits how many ms it may take
   *   at any pace, and what it must bring on average after that
   * @param {() => void} onTooSlow must end it
   */
  constructor({ bodyTimeout, minBodyBytesPerSecond }, onTooSlow) {
    this.#bodyTimeout = bodyTimeout;
    this.#bytesPerMs = minBodyBytesPerSecond / 1000;
    this.#onTooSlow = onTooSlow;
    watched.add(this);
    if (timer !== undefined) return;
    lastLook = performance.now();
    timer = setInterval(lookAtAll, LOOK_MS).unref();
  }

  end() {
    watched.delete(this);
  }

  /** @param {number} ms since the last look */
  look(ms) {
    this.#ageMs += ms;
    if (this.#ageMs < this.#bodyTimeout) return;
    if (this.bytes < this.#ageMs * this.#bytesPerMs) this.#onTooSlow();
  }
}

function lookAtAll() {
  const now = performance.now();
  const ms = now - lastLook;
  lastLook = now;
  if (watched.size === 0) {
    clearInterval(timer);
    timer = undefined;
  } else if (ms < LATE_MS) {
    for (const pace of watched) pace.look(ms);
  }
}

module.exports = { BodyPace };
