/** Random plans as scenarios: one for each seed from 1 on. */
'use strict';

const { makePlan } = require('./plan');
const { play } = require('./player');
const { describeScenarios } = require('../scenarios');

/**
 * @param {string} file the one that calls
 * @param {{ seeds: number, isAttached?: boolean }} choice
 * @param {import('../scenarios').DoorGroup[]} [doors]
 */
function describeRandom(file, { seeds, isAttached }, doors) {
  const scenarios = Array.from({ length: seeds }, (_, index) => [
    `seed ${index + 1}`,
    play(makePlan(index + 1, isAttached)),
  ]);
  describeScenarios(file, 'random plans', Object.fromEntries(scenarios), doors, {
    isTimed: true,
  });
}

module.exports = { describeRandom };
