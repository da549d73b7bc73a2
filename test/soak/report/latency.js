/** How long messages took: in buckets of five percent each, so that a long soak needs no more memory than a short one. */
'use strict';

const BASE = 1.05;
const LEAST_MS = 0.05;

class Latency {
  /** Of the whole soak, and since the last `take()`. */
  #all = new Histogram();
  #recent = new Histogram();

  /** @param {number} ms */
  add(ms) {
    this.#all.add(ms);
    this.#recent.add(ms);
  }

  /** @returns {{ p50: number, p99: number, max: number }} of everything */
  get whole() {
    return this.#all.summary;
  }

  /** @returns {{ p50: number, p99: number, max: number, count: number }} since the last time */
  take() {
    const { summary, count } = this.#recent;
    this.#recent = new Histogram();
    return { ...summary, count };
  }
}

class Histogram {
  count = 0;
  #max = 0;
  /** @type {Map<number, number>} */
  #buckets = new Map();

  /** @param {number} ms */
  add(ms) {
    const bucket = Math.ceil(Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / Math.log(BASE));
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#max = Math.max(this.#max, ms);
    this.count++;
  }

  get summary() {
    return { p50: this.#percentile(0.5), p99: this.#percentile(0.99), max: this.#max };
  }

  /** @param {number} share */
  #percentile(share) {
    let rest = share * this.count;
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      rest -= /** @type {number} */ (this.#buckets.get(bucket));
      if (rest <= 0) return Math.min(this.#max, LEAST_MS * BASE ** bucket);
    }
    return 0;
  }
}

module.exports = { Latency };
