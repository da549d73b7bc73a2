/** Dice for bytes: probabilities below one in a hundred, weights of any size, and cuts. */
'use strict';

const { Dice } = require('../random/dice');

class ByteDice extends Dice {
  /** A number from 0 to below 1. */
  #fraction() {
    return this.number(2 ** 32) / 2 ** 32;
  }

  /** Whether something happens that has this probability. @param {number} probability */
  likely(probability) {
    return this.#fraction() < probability;
  }

  /**
   * One of some things, the likelier the larger its weight.
   * @template T
   * @param {readonly (readonly [weight: number, thing: T])[]} choices
   * @returns {T}
   */
  oneOf(choices) {
    let at = this.#fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, thing] of choices) if ((at -= weight) < 0) return thing;
    return choices[choices.length - 1][1];
  }

  /**
   * Bytes in pieces: most often whole, else cut anywhere.
   * @param {Buffer} bytes
   * @returns {Buffer[]}
   */
  cut(bytes) {
    if (bytes.length < 2 || this.likely(0.7)) return [bytes];
    const cuts = this.list(1, 4, () => 1 + this.number(bytes.length - 1));
    const ends = [...new Set(cuts), bytes.length].sort((a, b) => a - b);
    return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
  }
}

module.exports = { ByteDice };
