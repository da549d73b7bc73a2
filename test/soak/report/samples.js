/** What is measured while a soak runs: once a second from outside of the server, and closely when it is calm. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');

const SAMPLE_MS = 1000;

/**
 * @typedef {object} Sample
 * @property {number} at in seconds, as everywhere here
 * @property {number} rss
 * @property {number} descriptors
 * @property {number} rate messages heard a second
 * @property {number} p50
 * @property {number} p99
 * @property {number} max
 *
 * @typedef {object} Look after a collection of garbage
 * @property {number} at
 * @property {number} rss
 * @property {number} heap that is in use
 * @property {number} outside what the process has besides V8's heap
 * @property {number} descriptors 0 where the system does not tell, as `threads`
 * @property {number} threads
 *
 * @typedef {{ kind: string, from: number, to: number }} Mark
 */

class Samples {
  /** @type {Sample[]} */
  all = [];
  /** @type {Look[]} */
  looks = [];
  /** @type {Mark[]} */
  marks = [];
  /** Before anybody came. @type {Look | undefined} */
  first;
  /** After everybody has left. @type {Look | undefined} */
  last;
  #start = performance.now();
  #lastAt = 0;
  #timer = setTimeout(() => {}, 0);

  /**
   * @param {import('../server/process').ServerProcess} server
   * @param {import('./latency').Latency} latency
   */
  constructor(server, latency) {
    this.server = server;
    this.latency = latency;
  }

  get seconds() {
    return (performance.now() - this.#start) / 1000;
  }

  async begin() {
    this.first = await this.#look();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  end() {
    clearInterval(this.#timer);
  }

  /** @param {string} kind of a trouble that begins */
  mark(kind) {
    const mark = { kind, from: this.seconds, to: this.seconds };
    this.marks.push(mark);
    return { end: () => void (mark.to = this.seconds) };
  }

  async lookClosely() {
    const look = await this.#look();
    this.looks.push(look);
    return look;
  }

  /**
   * Waits until the server has no more descriptors than before anybody came.
   * @param {number} patienceMs at most so long
   */
  async settle(patienceMs) {
    const wanted = this.first?.descriptors ?? 0;
    const end = performance.now() + patienceMs;
    while (this.server.look().descriptors > wanted && performance.now() < end) await delay(100);
    this.last = await this.#look();
  }

  /** @returns {Promise<Look>} */
  async #look() {
    const { heapUsed, heapTotal, rss } = await this.server.ask('memory');
    const { descriptors, threads } = this.server.look();
    const memory = { rss, heap: heapUsed, outside: rss - heapTotal };
    return { at: this.seconds, ...memory, descriptors, threads };
  }

  #sample() {
    const { rss, descriptors } = this.server.look();
    if (rss === 0) return;
    const at = this.seconds;
    const { count, ...latency } = this.latency.take();
    this.all.push({ at, rss, descriptors, rate: count / (at - this.#lastAt), ...latency });
    this.#lastAt = at;
  }
}

module.exports = { Samples };
