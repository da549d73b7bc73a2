/**
 * The README's table, between its two comments, from the same cells as RESULTS.md. Pure.
 */
'use strict';

const { BASELINE, SERVERS } = require('../servers');
const { digits, markdownTable } = require('./markdown');
const metrics = require('./metrics');
const { medianOf, roundsText, summarizeFlatness } = require('./summary');

const BEGIN = '<!-- bench: written by npm run bench -- --write -->';
const END = '<!-- bench: end -->';

const PLOT = '![What the servers spend, as bars](bench/results.svg)';

const OURS = 'beastio';
const [MEMORY] = metrics.IDLE_COSTS;
const COSTS = [metrics.CPU_PER_MESSAGE, metrics.JS_PER_MESSAGE, metrics.MESSAGES_PER_SECOND];
const BROADCAST = [metrics.CPU_PER_MESSAGE, metrics.JS_PER_CALL, metrics.MESSAGES_PER_SECOND];

/** @type {readonly { scenario: string, title: string, metrics: (import('./metrics').Metric | undefined)[] }[]} */
const ROWS = [
  { scenario: 'echo16', title: 'echo, 100 clients, 16 messages in flight each', metrics: COSTS },
  { scenario: 'echo1', title: 'echo, 100 clients, 1 message in flight each', metrics: COSTS },
  { scenario: 'echo1-16k', title: 'the same with 16 KB', metrics: COSTS },
  { scenario: 'broadcast1000', title: 'broadcast to 1,000 clients', metrics: BROADCAST },
  { scenario: 'deflate', title: 'permessage-deflate, 1 KB of JSON', metrics: COSTS },
  { scenario: 'polling', title: 'HTTP long-polling', metrics: COSTS },
  { scenario: 'connect', title: 'handshakes', metrics: COSTS },
  {
    scenario: 'idle',
    title: 'memory of 10,000 clients, idle for 10 seconds',
    metrics: [MEMORY, undefined, undefined],
  },
];

/**
 * @param {readonly import('./summary').Cell[]} cells
 * @param {string} scenario
 * @param {import('./metrics').Metric | undefined} metric
 */
function ratioText(cells, scenario, metric) {
  if (metric === undefined) return '';
  const own = medianOf(cells, scenario, OURS, metric);
  const base = medianOf(cells, scenario, BASELINE, metric);
  if (own === undefined || base === undefined) return '';
  return `${digits(own / base)} ×`;
}

/** @param {import('./options').Options} options */
function rounds(options) {
  const text = roundsText(options);
  return text === '1' ? 'a single round' : `medians of ${text} interleaved rounds`;
}

/** @param {import('./report').Bench} bench */
function tableOf({ cells, options, versions, date }) {
  const base = versions[BASELINE] ?? {};
  const head = ['', 'CPU (or memory)', 'CPU of the JavaScript thread', 'per second'];
  const rows = ROWS.map(({ scenario, title: name, metrics: columns }) => [
    name,
    ...columns.map((metric) => ratioText(cells, scenario, metric)),
  ]).filter(([, first]) => first !== '');
  return (
    `beast.io attached to \`http\`, as ratios to socket.io ${base['socket.io']} with ws ${base.ws} on Node ${base.node}; ` +
    `server on one core\nof a small machine, ${rounds(options)}, ${date}:\n\n` +
    markdownTable([head, ...rows]) +
    flatnessText(cells)
  );
}

/** @param {readonly import('./summary').Cell[]} cells */
function flatnessText(cells) {
  const compared = SERVERS.filter(({ name }) => name === OURS || name === BASELINE);
  const factors = summarizeFlatness(cells, compared).map(
    ({ server, few, many }) => `${server.title} ${digits(many.median / few.median)} ×`,
  );
  if (factors.length === 0) return '';
  return (
    '\n\nCPU of the JavaScript thread for a broadcast to 1,000 clients, divided by that for one to 10 at the same rate:\n' +
    `${factors.join('; ')}.`
  );
}

/**
 * @param {string} readme
 * @param {import('./report').Bench} bench
 * @returns {string} the README with the new table. Errors: an Error where the two comments are missing
 */
function renewReadme(readme, bench) {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has no '${BEGIN}' … '${END}'`);
  const before = readme.slice(0, begin + BEGIN.length);
  return `${before}\n${tableOf(bench)}\n\n${PLOT}\n\n${readme.slice(end)}`;
}

module.exports = { renewReadme };
