/**
 * Programs made by chance (support/random): whatever applications and clients do, in any order. The
 * seeds are fixed; `node test/differential/support/random/many.js FROM COUNT` plays others.
 */
'use strict';

const { runFile } = require('../support/programs');
const { makeProgram } = require('../support/random/generator');
const { play } = require('../support/random/player');
const { isEqual, repeatedTraces } = require('../support/repeat');
const { FOUR_DOORS, describeScenarios } = require('../support/scenarios');

/** Short programs, most of them with clients by hand only. */
const SEEDS = [2, 4, 5, 6, 7, 12, 14, 15, 17, 18, 23, 24, 25, 39, 40, 46, 49, 53];

/** Faults at surfaces that nearly every program touches. */
const FAULTS = [
  'an event comes twice',
  'a reason is changed',
  'an argument of an acknowledgement is changed',
];

const scenarios = Object.fromEntries(
  SEEDS.map((seed) => [
    `of seed ${seed}`,
    (/** @type {any} */ world) => play(world, makeProgram(seed)),
  ]),
);

describeScenarios(__filename, 'a program', scenarios, FOUR_DOORS, { isTimed: true });

if (typeof describe !== 'undefined') {
  describe('a fault that the programs find', () => {
    test.each(FAULTS)('%s', async (fault) => {
      const genuine = runFile('genuine', 'http', __filename);
      const faulty = runFile('ours', 'http', __filename, { fault });
      try {
        for (const name of Object.keys(scenarios)) {
          if (!isEqual(...(await repeatedTraces(name, genuine, faulty)))) return;
        }
        throw new Error('no program shows it');
      } finally {
        await Promise.all([genuine.stop(), faulty.stop()]);
      }
    });
  });
}
