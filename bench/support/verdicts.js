/**
 * Which marks were reached: each one with our figure beside its bound. Pure: cells in, rows out.
 */
'use strict';

const { FLATNESS_BOUND, MARKS } = require('../marks');
const { SCENARIOS } = require('../scenarios');
const { SERVERS } = require('../servers');
const { medianOf, summarizeFlatness } = require('./summary');

/** @typedef {import('./summary').Cell} Cell */

/**
 * @typedef {object} Verdict
 * @property {string} scenario its title
 * @property {string} server its title
 * @property {string} what the metric and what it is compared with
 * @property {string} bound
 * @property {string} reached
 * @property {boolean} isReached
 */

/** @param {number} value */
function short(value) {
  return Number(value.toPrecision(3)).toString();
}

/**
 * @template {{ name: string }} Row
 * @param {readonly Row[]} table
 * @param {string} name
 * @returns {Row}
 */
function rowOf(table, name) {
  return /** @type {Row} */ (table.find((row) => row.name === name));
}

/**
 * @param {readonly Cell[]} cells
 * @param {import('../marks').Mark} mark
 * @returns {Verdict[]} none where one of the figures is missing
 */
function judge(cells, mark) {
  const { scenario, server, metric, bound } = mark;
  const own = medianOf(cells, scenario, server, metric);
  const other = mark.of ? comparedWith(cells, mark, mark.of) : bestPeer(cells, mark);
  if (own === undefined || other === undefined) return [];
  const factor = own / other.value;
  const atLeast = metric.better === 'higher';
  return [
    {
      scenario: rowOf(SCENARIOS, scenario).title,
      server: rowOf(SERVERS, server).title,
      what: `${metric.title}, ratio to ${other.title}`,
      bound: `${atLeast ? '≥' : '≤'} ${bound}`,
      reached: short(factor),
      isReached: atLeast ? factor >= bound : factor <= bound,
    },
  ];
}

/**
 * @param {readonly Cell[]} cells
 * @param {import('../marks').Mark} mark
 * @param {string} server
 */
function comparedWith(cells, { scenario, metric, than }, server) {
  const value = medianOf(cells, than ?? scenario, server, metric);
  const where = than === undefined ? '' : `, ${rowOf(SCENARIOS, than).title}`;
  return value === undefined
    ? undefined
    : { value, title: `${rowOf(SERVERS, server).title}${where}` };
}

/**
 * @param {readonly Cell[]} cells
 * @param {import('../marks').Mark} mark
 */
function bestPeer(cells, { scenario, metric, below }) {
  const kinds = below === 'every Node peer' ? ['node'] : ['node', 'bun'];
  const peers = SERVERS.filter(({ kind }) => kinds.includes(kind)).flatMap(({ name, title }) => {
    const value = medianOf(cells, scenario, name, metric);
    return value === undefined
      ? []
      : [
          {
            value,
            title: `the best ${below === 'every Node peer' ? 'Node peer' : 'peer'}, ${title}`,
          },
        ];
  });
  return peers.sort((a, b) => a.value - b.value)[0];
}

/**
 * @param {readonly Cell[]} cells
 * @returns {Verdict[]} in the order of the marks
 */
function judgeAll(cells) {
  const flatness = summarizeFlatness(
    cells,
    SERVERS.filter(({ name }) => name === 'beastio'),
  ).map(({ server, few, many }) => ({
    scenario: 'Broadcast, about 40 a second',
    server: server.title,
    what: 'JS thread µs/broadcast to 1,000, ratio to 10',
    bound: `≤ ${FLATNESS_BOUND}`,
    reached: short(many.median / few.median),
    isReached: many.median / few.median <= FLATNESS_BOUND,
  }));
  return [...MARKS.flatMap((mark) => judge(cells, mark)), ...flatness];
}

module.exports = { judgeAll };
