/**
 * What was measured and published, run by run: bench/results.json. A run may measure some scenarios only. Its
 * figures then take the place of earlier ones. So those of a scenario are always from one run, side by side.
 */
'use strict';

const fs = require('node:fs');
const { MARKS } = require('../marks');
const { FLAT_BROADCAST, SCENARIOS } = require('../scenarios');
const { SERVERS } = require('../servers');

/** @typedef {import('./report').Bench} Bench */

/**
 * Scenarios that are compared with each other, and so must be measured in one run.
 * @type {readonly (readonly [string, string])[]}
 */
const COMPARED = [
  ...MARKS.flatMap(({ scenario, than }) =>
    than === undefined ? [] : [/** @type {[string, string]} */ ([scenario, than])],
  ),
  [FLAT_BROADCAST.few, FLAT_BROADCAST.many],
];

/**
 * The scenarios of which one was chosen and the other was not.
 * @param {readonly { name: string }[]} scenarios
 * @returns {readonly [string, string] | undefined} a pair of names
 */
function partedPair(scenarios) {
  const names = new Set(scenarios.map(({ name }) => name));
  return COMPARED.find(([one, other]) => names.has(one) !== names.has(other));
}

/**
 * @param {readonly Bench[]} runs
 * @param {Bench} run a new one
 * @returns {Bench[]} all that something is left of, the new one last
 */
function mergeRuns(runs, run) {
  const isNew = (/** @type {string} */ name) =>
    run.options.scenarios.some((scenario) => scenario.name === name);
  const kept = runs
    .map((earlier) => ({
      ...earlier,
      cells: earlier.cells.filter(({ scenario }) => !isNew(scenario)),
      options: {
        ...earlier.options,
        scenarios: earlier.options.scenarios.filter(({ name }) => !isNew(name)),
      },
    }))
    .filter(({ options }) => options.scenarios.length > 0);
  return [...kept, run];
}

/**
 * All runs as one. Its conditions are those of the last; `runs` has those of each.
 * @param {readonly Bench[]} runs at least one
 * @returns {Bench & { runs: readonly Bench[] }}
 */
function joinRuns(runs) {
  const last = /** @type {Bench} */ (runs.at(-1));
  const dates = [...new Set(runs.map(({ date }) => date))].sort();
  const counts = runs.flatMap(({ options }) => [options.rounds, options.unmarkedRounds]);
  /** @template {{ name: string }} Row @param {readonly Row[]} table @param {'scenarios' | 'servers'} key */
  const chosen = (table, key) =>
    table.filter(({ name }) =>
      runs.some(({ options }) => options[key].some((row) => row.name === name)),
    );
  return {
    ...last,
    date: dates.length === 1 ? dates[0] : `${dates[0]} to ${dates.at(-1)}`,
    versions: Object.assign({}, ...runs.map(({ versions }) => versions)),
    cells: runs.flatMap(({ cells }) => cells),
    options: {
      ...last.options,
      scenarios: chosen(SCENARIOS, 'scenarios'),
      servers: chosen(SERVERS, 'servers'),
      rounds: Math.max(...counts),
      unmarkedRounds: Math.min(...counts),
    },
    runs,
  };
}

/**
 * @param {string} file
 * @returns {Bench[]} none if there is no such file. Titles, metrics and marks are those of the tables now; what
 *   is not in them any more is left out
 */
function readRuns(file) {
  if (!fs.existsSync(file)) return [];
  const { runs } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return runs
    .map((/** @type {any} */ run) => {
      const known = (
        /** @type {readonly { name: string }[]} */ table,
        /** @type {string[]} */ names,
      ) => table.filter(({ name }) => names.includes(name));
      const scenarios = known(SCENARIOS, run.options.scenarios);
      const names = scenarios.map(({ name }) => name);
      return {
        ...run,
        cells: run.cells.filter((/** @type {any} */ cell) => names.includes(cell.scenario)),
        options: { ...run.options, scenarios, servers: known(SERVERS, run.options.servers) },
      };
    })
    .filter((/** @type {Bench} */ { options }) => options.scenarios.length > 0);
}

/**
 * Writes them, a line for each sample.
 * @param {string} file
 * @param {readonly Bench[]} runs
 */
function writeRuns(file, runs) {
  const texts = runs.map(({ cells, options, ...conditions }) => {
    const names = {
      ...options,
      scenarios: options.scenarios.map(({ name }) => name),
      servers: options.servers.map(({ name }) => name),
    };
    const head = JSON.stringify({ ...conditions, options: names }).slice(0, -1);
    return `${head},"cells":[\n${cells.map((cell) => JSON.stringify(cell)).join(',\n')}\n]}`;
  });
  fs.writeFileSync(file, `{"runs":[\n${texts.join(',\n')}\n]}\n`);
}

module.exports = { joinRuns, mergeRuns, partedPair, readRuns, writeRuns };
