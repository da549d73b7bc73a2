/** Chance that can be repeated: the same seed throws the same dice. */
'use strict';

class Dice {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    // Neighbouring seeds begin far apart.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    for (let i = 0; i < 4; i++) this.number(2);
  }

  /**
   * An integer from 0 up to, and without, a bound.
   * @param {number} bound
   */
  number(bound) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  /** Whether something happens that does so in `percent` of all cases. @param {number} percent */
  chance(percent) {
    return this.number(100) < percent;
  }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick(list) {
    return list[this.number(list.length)];
  }

  /**
   * One of several things to do, each as often as its weight says, and what it gives.
   * @template T
   * @param {[weight: number, make: () => T][]} choices
   * @returns {T}
   */
  weigh(choices) {
    let left = this.number(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of choices) {
      left -= weight;
      if (left < 0) return make();
    }
    throw new Error('weights are positive');
  }

  /**
   * @template T
   * @param {number} least
   * @param {number} most
   * @param {() => T} make
   * @returns {T[]}
   */
  list(least, most, make) {
    return Array.from({ length: least + this.number(most - least + 1) }, make);
  }
}

module.exports = { Dice };
