/**
 * The program that runs the scenarios of one file on one package behind one door, and sends their
 * traces to its parent. Started by hand (`node run.js ours https FILE '' NAME`) it prints them.
 */
'use strict';

const { loadScenarios } = require('./scenarios');
const { SUBJECTS } = require('./subjects');
const { seed } = require('./faults');
const { World } = require('./world');
const { doorOf } = require('../../support/servers/doors');

const [subject, door, file, fault, only] = process.argv.slice(2);

/** @param {string} name @param {any} trace */
async function report(name, trace) {
  const { send } = process;
  if (send) await new Promise((resolve) => send.call(process, { name, trace }, resolve));
  else console.log(name, trace);
}

async function main() {
  const scenarios = Object.entries(loadScenarios(file));
  const packages = SUBJECTS[/** @type {'genuine' | 'ours'} */ (subject)]();
  if (fault) seed(fault, packages);
  /** @type {World | undefined} */
  let world;
  process.on('uncaughtException', (err) => world?.note('process', 'uncaught exception', err));
  process.on('unhandledRejection', (err) => world?.note('process', 'unhandled rejection', err));
  for (const [name, run] of scenarios) {
    if (only && name !== only) continue;
    world = new World(packages, doorOf(door));
    await report(name, await world.run(run));
  }
  process.exit();
}

main();
