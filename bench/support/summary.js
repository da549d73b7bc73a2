/**
 * Medians, spread and ratios of all cells. Pure: cells in, rows out.
 */
'use strict';

const { BASELINE } = require('../servers');
const { JS_PER_CALL } = require('./metrics');
const { FLAT_BROADCAST } = require('../scenarios');

/**
 * @typedef {object} Cell one run that has figures
 * @property {number} round
 * @property {string} scenario
 * @property {string} server
 * @property {import('./metrics').Sample} sample
 *
 * @typedef {object} Failure one run that has none
 * @property {number} round
 * @property {string} scenario
 * @property {string} server
 * @property {string} message
 * @property {string} stderr
 *
 * @typedef {object} Figure of one metric over all rounds
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} [timesBetter] than the baseline, by the medians
 *
 * @typedef {object} Row
 * @property {import('../servers').BenchServer} server
 * @property {number} rounds that have figures
 * @property {Figure[]} figures in the order of the scenario's metrics; empty without any round
 */

/** @param {readonly number[]} values at least one */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {readonly Cell[]} cells
 * @param {import('./metrics').Metric} metric
 * @returns {Figure}
 */
function figure(cells, metric) {
  const values = cells.map((cell) => metric.of(cell.sample));
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * One scenario's table.
 * @param {readonly Cell[]} cells of all scenarios
 * @param {import('../scenarios').Scenario} scenario
 * @param {readonly import('../servers').BenchServer[]} servers
 * @returns {Row[]}
 */
function summarize(cells, scenario, servers) {
  const rows = servers.map((server) => {
    const own = cells.filter((c) => c.scenario === scenario.name && c.server === server.name);
    const figures = own.length > 0 ? scenario.metrics.map((metric) => figure(own, metric)) : [];
    return { server, rounds: own.length, figures };
  });
  const baseline = rows.find((row) => row.server.name === BASELINE && row.rounds > 0);
  if (baseline) {
    for (const row of rows.filter((other) => other !== baseline)) {
      row.figures = row.figures.map((own, i) => {
        const { better } = scenario.metrics[i];
        return better ? { ...own, timesBetter: ratio(own, baseline.figures[i], better) } : own;
      });
    }
  }
  return rows;
}

/**
 * @param {readonly Cell[]} cells
 * @param {string} scenario
 * @param {string} server
 * @param {import('./metrics').Metric} metric
 * @returns {number | undefined} undefined where nothing was measured
 */
function medianOf(cells, scenario, server, metric) {
  const own = cells.filter((cell) => cell.scenario === scenario && cell.server === server);
  return own.length > 0 ? figure(own, metric).median : undefined;
}

/**
 * @param {Figure} own
 * @param {Figure} baseline
 * @param {'lower' | 'higher'} better
 */
function ratio(own, baseline, better) {
  return better === 'lower' ? baseline.median / own.median : own.median / baseline.median;
}

/**
 * What a broadcast costs the JavaScript thread, for few and for many members, by server. Servers
 * that lack one of the two are left out.
 * @param {readonly Cell[]} cells
 * @param {readonly import('../servers').BenchServer[]} servers
 */
function summarizeFlatness(cells, servers) {
  return servers.flatMap((server) => {
    const own = cells.filter((cell) => cell.server === server.name);
    const few = own.filter((cell) => cell.scenario === FLAT_BROADCAST.few);
    const many = own.filter((cell) => cell.scenario === FLAT_BROADCAST.many);
    if (few.length === 0 || many.length === 0) return [];
    return [{ server, few: figure(few, JS_PER_CALL), many: figure(many, JS_PER_CALL) }];
  });
}

/**
 * How many rounds stand behind the figures: `5`, or `2 to 5` where scenarios without marks had fewer.
 * @param {import('./options').Options} options
 */
function roundsText({ rounds, unmarkedRounds }) {
  if (rounds === unmarkedRounds) return String(rounds);
  return `${Math.min(rounds, unmarkedRounds)} to ${Math.max(rounds, unmarkedRounds)}`;
}

module.exports = { median, medianOf, roundsText, summarize, summarizeFlatness };
