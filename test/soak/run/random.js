/**
 * Random numbers of a seed (mulberry32). Each part of a soak has a generator of its own, so what one draws
 * does not depend on when another one draws.
 */
'use strict';

class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * @param {number} from
   * @param {number} to inclusive
   */
  integer(from, to) {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /**
   * @template T
   * @param {readonly T[]} list not empty
   */
  pick(list) {
    return list[this.integer(0, list.length - 1)];
  }

  /**
   * @template T
   * @param {Iterable<T>} list
   * @returns {T[]} in another order
   */
  shuffle(list) {
    const mixed = [...list];
    for (let i = mixed.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    return mixed;
  }

  /** @param {number} length */
  bytes(length) {
    return Buffer.from(Array.from({ length }, () => this.integer(0, 255)));
  }

  /** A generator of its own. */
  fork() {
    return new Random(this.integer(0, 2 ** 32 - 1));
  }
}

module.exports = { Random };
