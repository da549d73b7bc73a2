/**
 * How late the event loop comes. It is measured from the first question on, by a timer that keeps no process
 * alive.
 */
'use strict';

const { monitorEventLoopDelay } = require('node:perf_hooks');

/** How often it is measured, in milliseconds. */
const RESOLUTION = 20;
/** After that time the figures begin anew: those of an hour ago are of no use. */
const WINDOW_MS = 10_000;
const NANOSECONDS = 1e6;

/**
 * @typedef {object} LoopDelayFigures How much later than due the event loop came, in milliseconds.
 * @property {number} mean
 * @property {number} p50
 * @property {number} p99
 * @property {number} max
 */

/**
 * What the timer has measured has its period in it.
 * @param {number} nanoseconds not a number while nothing was measured
 */
function delayOf(nanoseconds) {
  return Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION || 0);
}

class LoopDelay {
  /** @type {import('node:perf_hooks').IntervalHistogram | undefined} */
  #histogram;
  #since = 0;

  /**
   * The delays since the figures last began anew, which is 10 seconds ago or at the question before.
   * @returns {LoopDelayFigures | undefined} undefined where the runtime cannot tell: on some versions of Bun and Deno
   */
  read() {
    const histogram = (this.#histogram ??= this.#begin());
    if (histogram === undefined) return undefined;
    const figures = {
      mean: delayOf(histogram.mean),
      p50: delayOf(histogram.percentile(50)),
      p99: delayOf(histogram.percentile(99)),
      max: delayOf(histogram.max),
    };
    if (performance.now() - this.#since >= WINDOW_MS) {
      histogram.reset();
      this.#since = performance.now();
    }
    return figures;
  }

  #begin() {
    try {
      const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
      histogram.enable();
      this.#since = performance.now();
      return histogram;
    } catch {
      return undefined;
    }
  }

  /** Ends the measurement. */
  close() {
    this.#histogram?.disable();
    this.#histogram = undefined;
  }
}

module.exports = { LoopDelay };
