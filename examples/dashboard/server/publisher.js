/**
 * Sends samples to those who look. While nobody does, it has no timer and keeps nothing. What fails is told once, and
 * ends nothing.
 */
'use strict';

const crypto = require('node:crypto');
const { sampleOf } = require('./sample');
const { Survey } = require('./survey');

class Publisher {
  /** @type {Set<any>} */
  #watchers = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** The sample before, and when it was taken. @type {{ stats: any, at: number } | undefined} */
  #before;
  /** Totals of another start have nothing to do with these. */
  #start = crypto.randomUUID();
  #hasWarned = false;
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
    this.#survey = new Survey(io, nsp, { top, onFailure: (error) => this.#warn(error) });
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
      if (this.#watchers.size === 0) this.#end();
    });
    if (this.#timer === undefined) this.#begin();
  }

  /** Sends the watchers away. */
  close() {
    this.#isClosed = true;
    for (const socket of [...this.#watchers]) socket.disconnect();
  }

  #begin() {
    this.#timer = setInterval(() => this.#tick(), this.#interval);
    this.#tick();
  }

  #end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#before = undefined;
    this.#survey.stop();
  }

  /** Sends what has changed since the tick before. */
  #tick() {
    try {
      const now = { stats: this.#io.engine.stats(), at: performance.now() };
      if (this.#before !== undefined) this.#send(now, this.#before);
      this.#before = now;
    } catch (error) {
      this.#warn(error);
    }
    this.#survey.goOn(this.#interval);
  }

  /**
   * @param {{ stats: any, at: number }} now
   * @param {{ stats: any, at: number }} before
   */
  #send(now, before) {
    const sample = {
      start: this.#start,
      watchers: this.#watchers.size,
      ...sampleOf(now.stats, before.stats, (now.at - before.at) / 1000),
      ...this.#survey.lists,
    };
    // Other servers of a cluster have watchers of their own; one that is slow misses samples.
    this.#nsp.local.volatile.emit('sample', sample);
  }

  /** @param {unknown} error */
  #warn(error) {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const what = error instanceof Error ? error.stack : typeof error;
    process.emitWarning(`The dashboard has no numbers: ${what}`, { code: 'DASHBOARD_FAILED' });
  }
}

module.exports = { Publisher };
