/**
 * Scenarios as tests. Nobody writes down what a scenario is expected to do: the genuine package is
 * the expectation. A file of scenarios is a Jest file. The programs that run its scenarios, one for each
 * package and door, require the same file and take the table from here.
 *
 * All scenarios are played on all four doors: what an application sees may depend on whether requests
 * pass JavaScript, and on TLS, at any step. The genuine package is played once without and once with
 * TLS, beside both of our doors. Only the scenarios that tell of connections (conn.test.js) use other kinds
 * of addresses, and they name them.
 */
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { compare, explain } = require('./compare');
const { runFile } = require('./programs');
const { repeatedTraces } = require('./repeat');

/** @typedef {import('./world').World} World */
/** @typedef {(world: World) => unknown} Run */
/**
 * @typedef {object} Deviation
 * @property {string} row the first column of the row of docs/differences.md that explains it
 * @property {import('./compare').Difference[]} differences all of them, exactly
 * @property {string[]} [doors] on which they are seen; all
 */
/** @typedef {Run | { deviates: Deviation | Deviation[], run: Run }} Scenario */
/** @typedef {[genuine: string, ours: string[]]} DoorGroup our doors, beside one of the genuine package */

/** @type {DoorGroup[]} */
const FOUR_DOORS = [
  ['http', ['http', 'own port']],
  ['https', ['https', 'own port with TLS']],
];

/** Only those where Node accepts and parses. @type {DoorGroup[]} */
const ATTACHED_DOORS = [
  ['http', ['http']],
  ['https', ['https']],
];

/** Of the file that was loaded last; read by the program that runs the scenarios. */
/** @type {Record<string, Scenario>} */
let table = {};

/** What runs a scenario. @param {Scenario} scenario */
const runOf = (scenario) => (typeof scenario === 'function' ? scenario : scenario.run);

/**
 * @param {string} file the one that calls
 * @param {string} title
 * @param {Record<string, Scenario>} scenarios by what they are about
 * @param {DoorGroup[]} [doors]
 * @param {{ isTimed?: boolean }} [kind] whether they wait for times: what differs is then repeated
 */
function describeScenarios(file, title, scenarios, doors = FOUR_DOORS, { isTimed = false } = {}) {
  table = scenarios;
  if (typeof describe === 'undefined') return;
  describe.each(doors)(`${title}, beside the genuine package on %s`, (genuineDoor, ourDoors) => {
    /** @type {import('./programs').FileRun} */
    let genuine;
    /** @type {Record<string, import('./programs').FileRun>} */
    let ours;
    beforeAll(() => {
      genuine = runFile('genuine', genuineDoor, file);
      ours = Object.fromEntries(ourDoors.map((door) => [door, runFile('ours', door, file)]));
    });
    afterAll(() => Promise.all([genuine, ...Object.values(ours)].map((run) => run.stop())));
    describe.each(ourDoors)('%s', (door) => {
      test.each(Object.entries(scenarios))('%s', async (name, scenario) => {
        const runs = [genuine, ours[door]];
        const traces = isTimed
          ? await repeatedTraces(name, genuine, ours[door])
          : await Promise.all(runs.map((run) => run.traceOf(name)));
        check(traces[0], traces[1], deviationOf(scenario, door));
      });
    });
  });
}

/**
 * What may be different in a scenario on a door of ours.
 * @param {Scenario} scenario
 * @param {string} door
 */
function deviationOf(scenario, door) {
  if (typeof scenario === 'function') return undefined;
  return [scenario.deviates]
    .flat()
    .find(({ doors }) => doors === undefined || doors.includes(door));
}

/**
 * @param {import('./compare').Lanes} genuine
 * @param {import('./compare').Lanes} ours
 * @param {Deviation} [deviation]
 */
function check(genuine, ours, deviation) {
  const differences = compare(genuine, ours);
  try {
    assert.equal(genuine['the scenario'], undefined, 'the scenario fails on the genuine package');
    assert.ok(Object.keys(genuine).length > 0, 'the scenario writes nothing down');
    if (deviation) assert.ok(explainedRows().has(deviation.row), `no such row: ${deviation.row}`);
    assert.deepEqual(differences, deviation?.differences ?? [], 'what is different');
  } catch (error) {
    /** @type {Error} */ (error).message += `\n\n${explain(genuine, ours)}`;
    throw error;
  }
}

/** The first columns of docs/differences.md. */
function explainedRows() {
  const text = fs.readFileSync(path.join(__dirname, '../../../docs/differences.md'), 'utf8');
  return new Set(Array.from(text.matchAll(/^\| (.+?) \|/gm), ([, cell]) => cell));
}

/**
 * The scenarios of a file, by name.
 * @param {string} file
 * @returns {Record<string, Run>}
 */
function loadScenarios(file) {
  require(file);
  return Object.fromEntries(Object.entries(table).map(([name, each]) => [name, runOf(each)]));
}

module.exports = { ATTACHED_DOORS, FOUR_DOORS, describeScenarios, loadScenarios };
