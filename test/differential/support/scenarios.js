/**
 * Scenarios as tests. Nobody writes down what a scenario is expected to do: the genuine package is
 * the expectation. A file of scenarios is a Jest file; the two programs that run its scenarios, one
 * on each package, require the same file and take the table from here.
 */
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { compare, explain } = require('./compare');
const { runFile } = require('./programs');

/** @typedef {import('./world').World} World */
/** @typedef {(world: World) => unknown} Run */
/**
 * @typedef {object} Deviation
 * @property {string} row the first column of the row of docs/differences.md that explains it
 * @property {import('./compare').Difference[]} differences all of them, exactly
 */
/** @typedef {Run | { deviates: Deviation, run: Run }} Scenario */

/** Of the file that was loaded last; read by the program that runs the scenarios. */
/** @type {Record<string, Scenario>} */
let table = {};

/** What runs a scenario. @param {Scenario} scenario */
const runOf = (scenario) => (typeof scenario === 'function' ? scenario : scenario.run);

/**
 * @param {string} file the one that calls
 * @param {string} title
 * @param {Record<string, Scenario>} scenarios by what they are about
 */
function describeScenarios(file, title, scenarios) {
  table = scenarios;
  if (typeof describe === 'undefined') return;
  describe(title, () => {
    /** @type {Record<'genuine' | 'ours', import('./programs').FileRun>} */
    let runs;
    beforeAll(() => {
      runs = { genuine: runFile('genuine', file), ours: runFile('ours', file) };
    });
    afterAll(() => Promise.all([runs.genuine.stop(), runs.ours.stop()]));
    for (const [name, scenario] of Object.entries(scenarios)) {
      test(name, async () => {
        const [genuine, ours] = await Promise.all([
          runs.genuine.traceOf(name),
          runs.ours.traceOf(name),
        ]);
        check(genuine, ours, typeof scenario === 'function' ? undefined : scenario.deviates);
      });
    }
  });
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

module.exports = { describeScenarios, loadScenarios };
