/**
 * The few largest of many. What is smaller than all of them costs one comparison.
 */
'use strict';

/** @template Item */
class Ranking {
  /** The largest first. @type {{ score: number, key: unknown, item: Item }[]} */
  #entries = [];

  /** @param {number} size how many are kept */
  constructor(size) {
    this.size = size;
  }

  /**
   * @param {number} score none that is 0 is kept
   * @param {unknown} key what has this score; it is kept once
   * @param {() => Item} make called if it is kept
   */
  offer(score, key, make) {
    const entries = this.#entries;
    const least = entries.length < this.size ? 0 : entries[this.size - 1].score;
    if (!(score > least) || entries.some((entry) => entry.key === key)) return;
    let at = entries.length;
    while (at > 0 && entries[at - 1].score < score) at -= 1;
    entries.splice(at, 0, { score, key, item: make() });
    if (entries.length > this.size) entries.pop();
  }

  /** The items, the largest first. */
  get items() {
    return this.#entries.map(({ item }) => item);
  }
}

module.exports = { Ranking };
