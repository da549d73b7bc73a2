/**
 * Sends samples to those who look. While nobody does, there is no timer, and nothing is counted or kept.
 */
'use strict';

const { sampleOf } = require('./sample');
const { Survey } = require('./survey');

class Publisher {
  /** @type {Set<any>} */
  #watchers = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #isClosed = false;
  #io;
  #nsp;
  #interval;
  #survey;

  /**
   * @param {any} io
   * @param {any} nsp whose sockets are the watchers
   * @param {{ interval: number, top: number }} options
   */
  constructor(io, nsp, { interval, top }) {
    this.#io = io;
    this.#nsp = nsp;
    this.#interval = interval;
    this.#survey = new Survey(io, nsp, top);
  }

  /** @param {any} socket of the namespace */
  addWatcher(socket) {
    if (this.#isClosed) {
      socket.disconnect(); // its middleware was asked before
      return;
    }
    this.#watchers.add(socket);
    socket.on('disconnect', () => {
      this.#watchers.delete(socket);
      if (this.#watchers.size === 0) this.#stop();
    });
    if (this.#timer === undefined) this.#start();
  }

  /** Sends the watchers away. */
  close() {
    this.#isClosed = true;
    for (const socket of [...this.#watchers]) socket.disconnect();
  }

  #start() {
    let before = this.#io.engine.stats();
    let then = performance.now();
    this.#survey.goOn(this.#interval);
    this.#timer = setInterval(() => {
      const stats = this.#io.engine.stats();
      const now = performance.now();
      const sample = sampleOf(stats, before, (now - then) / 1000);
      [before, then] = [stats, now];
      const watchers = this.#watchers.size;
      // Other servers of a cluster have watchers of their own; one that is slow misses samples.
      this.#nsp.local.volatile.emit('sample', { ...sample, watchers, ...this.#survey.lists });
      this.#survey.goOn(this.#interval);
    }, this.#interval);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#survey.stop();
  }
}

module.exports = { Publisher };
