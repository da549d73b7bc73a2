/**
 * Time-outs that pass when the program says so. They are those of HELD_MS, and those without a time, which
 * would be over at once and race with the answers.
 */
'use strict';

const { HELD_MS } = require('./names');

class HeldTimer {
  /** @param {() => void} call */
  constructor(call) {
    this.call = call;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }
}

class HeldTimers {
  /** @type {Set<HeldTimer>} */
  #waiting = new Set();
  #setTimeout = globalThis.setTimeout;
  #clearTimeout = globalThis.clearTimeout;

  /** Takes the place of the global functions. */
  install() {
    const { setTimeout, clearTimeout } = globalThis;
    globalThis.setTimeout = /** @type {any} */ (
      (/** @type {any} */ call, /** @type {any} */ ms, /** @type {any[]} */ ...args) => {
        if (ms !== HELD_MS && ms !== undefined) return setTimeout(call, ms, ...args);
        const timer = new HeldTimer(() => call(...args));
        this.#waiting.add(timer);
        return timer;
      }
    );
    globalThis.clearTimeout = /** @type {any} */ (
      (/** @type {any} */ timer) => {
        if (timer instanceof HeldTimer) this.#waiting.delete(timer);
        else clearTimeout(timer);
      }
    );
  }

  restore() {
    globalThis.setTimeout = this.#setTimeout;
    globalThis.clearTimeout = this.#clearTimeout;
  }

  /** All time that is waited for passes; what the callbacks throw is uncaught, as it would be. */
  pass() {
    for (const timer of [...this.#waiting]) {
      if (this.#waiting.delete(timer)) setImmediate(timer.call);
    }
  }
}

module.exports = { HeldTimers };
