/** The program that plays programs on one package behind one door, as its parent sends them. */
'use strict';

const { SUBJECTS } = require('../subjects');
const { World } = require('../world');
const { play } = require('./player');
const { seed } = require('../faults');
const { doorOf } = require('../../../support/servers/doors');

const [subject, door, fault] = process.argv.slice(2);
const packages = SUBJECTS[/** @type {'genuine' | 'ours'} */ (subject)]();
if (fault) seed(fault, packages);

/** @type {World | undefined} */
let world;
process.on('uncaughtException', (err) => world?.note('process', 'uncaught exception', err));
process.on('unhandledRejection', (err) => world?.note('process', 'unhandled rejection', err));
process.on('message', async (/** @type {any} */ program) => {
  world = new World(packages, doorOf(door));
  const trace = await world.run((each) => play(each, program));
  process.send?.(trace);
});
process.on('disconnect', () => process.exit());
