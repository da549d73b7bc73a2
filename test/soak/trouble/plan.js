/**
 * The plan of a soak, from its seed: what happens when. Trouble comes in cycles. Each ends with a calm in which no
 * trouble begins. Only members that are away longer may still be missing then. Pure.
 */
'use strict';

const { Random } = require('../run/random');

const CYCLE_S = 30;

/** Of each cycle. Trouble begins after the first share, and no more begins after the second. */
const QUIET_SHARE = 0.1;
const TROUBLED_SHARE = 0.55;

const LEAST_PAUSE_S = 0.4;
const MOST_PAUSE_S = 1.6;

/**
 * @typedef {{ at: number, kind: string, seed: number }} Trouble `at` in seconds
 *
 * @param {number} seed
 * @param {number} seconds
 * @param {readonly string[]} kinds
 * @returns {{ troubles: Trouble[], looks: number[] }} `looks`: the ends of the calms
 */
function makePlan(seed, seconds, kinds) {
  const random = new Random(seed);
  const cycles = Math.max(1, Math.floor(seconds / CYCLE_S));
  const length = seconds / cycles;
  /** Each kind comes once before any comes again. @type {string[]} */
  let bag = [];
  const troubles = [];
  const looks = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const start = cycle * length;
    const end = start + TROUBLED_SHARE * length;
    for (let at = start + QUIET_SHARE * length; at < end;) {
      if (bag.length === 0) bag = random.shuffle(kinds);
      const kind = /** @type {string} */ (bag.pop());
      troubles.push({ at, kind, seed: random.integer(0, 2 ** 32 - 1) });
      at += LEAST_PAUSE_S + random.next() * (MOST_PAUSE_S - LEAST_PAUSE_S);
    }
    looks.push(start + length);
  }
  return { troubles, looks };
}

module.exports = { makePlan };
