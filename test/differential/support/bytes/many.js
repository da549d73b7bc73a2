/**
 * Plays many plans on both packages and prints in what they differ:
 * `node test/differential/support/bytes/many.js [FIRST SEED] [HOW MANY] [DOOR]`, the door one of ours.
 * Several plans are under way at once, since most of their time is waiting. Those that differ are played
 * again, one by one, before they are believed. Of a single plan the whole trace is printed.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const { compare, explain } = require('../compare');
const { SUBJECTS } = require('../subjects');
const { World } = require('../world');
const { makePlan } = require('./plan');
const { play } = require('./player');
const { doorOf } = require('../../../support/servers/doors');

/** @typedef {import('../compare').Lanes} Lanes */
/** @typedef {'genuine' | 'ours'} Subject */
/** @typedef {{ seeds: number[], subject: Subject, door: string, isAttached: boolean, atOnce: number }} Task */

const AT_ONCE = 4;
/** Engines keep threads until they are collected, and the collector does not know most of their size. */
const PLANS_PER_COLLECTION = 50;

/** In the child: plays the plans of a task and tells their traces. @param {Task} task */
async function playAll({ seeds, subject, door, isAttached, atOnce }) {
  const packages = SUBJECTS[subject]();
  const queue = [...seeds];
  const fail = (/** @type {unknown} */ error) =>
    console.log(`${subject}: an error escaped:`, error);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const trace = await new World(packages, doorOf(door)).run(play(makePlan(seed, isAttached)));
      process.send?.({ seed, trace });
      if (queue.length % PLANS_PER_COLLECTION === 0) global.gc?.();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  process.disconnect();
  process.exit();
}

/**
 * Has a child play plans.
 * @param {Task} task
 * @returns {Promise<Map<number, Lanes>>} their traces
 */
async function traces(task) {
  /** @type {Map<number, Lanes>} */
  const found = new Map();
  const child = fork(__filename, { execArgv: ['--expose-gc'] });
  child.on('message', (/** @type {any} */ { seed, trace }) => found.set(seed, trace));
  child.send(task);
  await once(child, 'close');
  return found;
}

/**
 * Plays plans on both packages.
 * @param {string} door one of ours
 * @param {number[]} seeds
 * @param {number} atOnce
 * @returns {Promise<{ seed: number, genuine: Lanes, ours: Lanes }[]>} those that differ
 */
async function differing(door, seeds, atOnce) {
  const { isOwnPort, hasTls } = doorOf(door);
  const task = { seeds, isAttached: !isOwnPort, atOnce };
  const [genuine, ours] = await Promise.all([
    traces({ ...task, subject: 'genuine', door: hasTls ? 'https' : 'http' }),
    traces({ ...task, subject: 'ours', door }),
  ]);
  return seeds
    .map((seed) => ({ seed, genuine: genuine.get(seed) ?? {}, ours: ours.get(seed) ?? {} }))
    .filter((pair) => isEmpty(pair.ours) || compare(pair.genuine, pair.ours).length > 0);
}

/** @param {Lanes} trace */
const isEmpty = (trace) => Object.keys(trace).length === 0;

async function main() {
  const [first = '1', count = '1000', door = 'own port'] = process.argv.slice(2);
  const seeds = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
  const suspects = await differing(door, seeds, AT_ONCE);
  const found = await differing(
    door,
    suspects.map(({ seed }) => seed),
    1,
  );
  for (const { seed, genuine, ours } of found) {
    console.log(`seed ${seed}:`);
    if (seeds.length === 1) console.log(explain(genuine, ours));
    for (const [theirs, others] of compare(genuine, ours)) {
      for (const line of theirs) console.log(`  - ${line}`);
      for (const line of others) console.log(`  + ${line}`);
    }
  }
  console.log(`${seeds.length} plans, ${found.length} of them with differences`);
  console.log(`(${suspects.length} when played ${AT_ONCE} at once)`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (process.send) process.once('message', playAll);
else main();
