/**
 * The Markdown of a finished bench. Pure: figures in, text out.
 */
'use strict';

const { BASELINE, NOT_ON_NPM, SERVERS, whyNot } = require('../servers');
const { digits, markdownTable } = require('./markdown');
const { GENERATOR_SHARE } = require('./metrics');
const { roundsText, summarize, summarizeFlatness } = require('./summary');
const { judgeAll } = require('./verdicts');

/**
 * @typedef {object} Bench everything that is known at the end
 * @property {string} date
 * @property {string} machine
 * @property {string} pinning
 * @property {string} compiler of the load generator
 * @property {number[]} loadAverage before the first cell
 * @property {Record<string, Record<string, string>>} versions by server
 * @property {import('./options').Options} options
 * @property {import('./summary').Cell[]} cells
 * @property {{ title: string, reason: string }[]} absent servers that could not be installed
 * @property {import('./summary').Failure[]} failures
 * @property {readonly Bench[]} [runs] that it is made of, if these are several
 */

/** Above this share of its core, the generator may be what limits the throughput. */
const GENERATOR_BOUND_PERCENT = 90;

/**
 * @param {number} cores
 * @returns {string}
 */
function coresText(cores) {
  return cores === 1
    ? `- The whole server, with all its threads, has one core. Servers with I/O threads can use more, and
  would have a higher throughput with them; CPU per message is what compares.`
    : `- The server had ${cores} cores. Where the generator shared them, it slept in place of polling, the server
  paid for waking it, and latencies contain the wait for a core.`;
}

/** @param {number} cores that the server had */
const limitsOf = (cores) => `## What the numbers do not say

- Absolute figures do not carry over to another machine. Servers were run in turn, a fresh process
  for each sample, so the ratios do, roughly.
- Everything is on one machine and its loopback: no network card, no packet loss, no real distance.
  A sender's system call also delivers into the receiver's socket, and its process pays for that.
  The generator polls without sleeping, so that waking it is not among what the server pays for.
- But at the fixed rate, where a message counts from when it was to be sent, clients always have their
  next message ready: those latencies are of a server at its limit, mostly waiting in queues.
${coresText(cores)}
- "JS thread" is the process's main thread. In socket.io + ws it also does all the I/O. Helpers of V8
  (garbage collection, compilation) and zlib in libuv's pool are in "CPU" only.
- "Others busy" is what else ran on the machine, in percent of a core. It takes caches and time from
  both sides, and rich servers suffer more from it: with a high value, ratios flatter the lean.
- A generator that is busy for more than ${GENERATOR_BOUND_PERCENT} % (marked !) may be the limit: the throughput is then a
  lower bound. CPU per message stays right.
- "Raw ws" and the limit compare bytes instead of parsing, keep no heartbeat and have no bounds.
- With permessage-deflate, clients offer what browsers offer, and each server answers as it likes: ws
  and ours keep a context for each connection, eiows declines that in both directions.
- "Handshakes" are the upgrade, joining \`/\` and leaving again, each from a connection of its own.
`;

/**
 * @param {import('./summary').Figure} figure
 * @param {import('./metrics').Metric} metric
 */
function figureText({ median, min, max, timesBetter }, metric) {
  const bound = metric === GENERATOR_SHARE && median > GENERATOR_BOUND_PERCENT ? ' !' : '';
  if (!metric.better) return digits(median) + bound;
  const spread = `${digits(median)} (${digits(min)}–${digits(max)})`;
  const isTold = timesBetter !== undefined && Number.isFinite(timesBetter);
  return !isTold ? spread : `${spread}, **${digits(timesBetter)}×**`;
}

/**
 * @param {Bench} bench
 * @param {import('../scenarios').Scenario} scenario
 */
function scenarioSection(bench, scenario) {
  const { metrics } = scenario;
  const able = bench.options.servers.filter((server) => whyNot(server, scenario) === undefined);
  const rows = summarize(bench.cells, scenario, able).map((row) => [
    row.server.title,
    ...metrics.map((metric, i) => (row.rounds > 0 ? figureText(row.figures[i], metric) : 'failed')),
  ]);
  const table = markdownTable([['server', ...metrics.map((metric) => metric.title)], ...rows]);
  const left = bench.options.servers
    .filter((server) => !able.includes(server))
    .map((server) => `${server.title} (${whyNot(server, scenario)})`);
  const note = left.length > 0 ? `\nNot measured here: ${left.join('; ')}.\n` : '';
  return `## ${scenario.title}\n\n${runNote(bench, scenario)}${table}\n${note}`;
}

/**
 * Which run a table is from, where there are several.
 * @param {Bench} bench
 * @param {import('../scenarios').Scenario} scenario
 */
function runNote({ runs = [] }, { name }) {
  const index = runs.findIndex(({ options }) => options.scenarios.some((it) => it.name === name));
  return runs.length < 2 ? '' : `Run ${index + 1}.\n\n`;
}

/** @param {Bench} bench */
function marksSection({ cells }) {
  const verdicts = judgeAll(cells);
  if (verdicts.length === 0) return '';
  const reached = verdicts.filter(({ isReached }) => isReached).length;
  const table = markdownTable([
    ['scenario', 'server', 'figure', 'mark', 'reached'],
    ...verdicts.map((it) => [
      it.scenario,
      it.server,
      it.what,
      it.bound,
      it.isReached ? it.reached : `**${it.reached}, missed**`,
    ]),
  ]);
  return `## Marks: ${reached} of ${verdicts.length} reached\n\n${table}\n`;
}

/** @param {Bench} bench */
function flatnessSection({ cells, options }) {
  const rows = summarizeFlatness(cells, options.servers);
  if (rows.length === 0) return '';
  const table = markdownTable([
    ['server', '10 members', '1,000 members', 'factor'],
    ...rows.map(({ server, few, many }) => [
      server.title,
      `${digits(few.median)} µs`,
      `${digits(many.median)} µs`,
      `${digits(many.median / few.median)}×`,
    ]),
  ]);
  return `## JS thread per broadcast: 10 members against 1,000\n\n${table}\n`;
}

/** @param {Bench} bench */
function conditionsText(bench) {
  const { seconds, warmupSeconds } = bench.options;
  const versions = SERVERS.filter(({ name }) => bench.versions[name]).map(({ name, title }) => {
    const list = Object.entries(bench.versions[name]).map(
      ([what, version]) => `${what} ${version}`,
    );
    return `- ${title}: ${list.join(', ')}`;
  });
  return [
    `- ${bench.date}; ${bench.machine}`,
    `- ${bench.pinning}; load average before: ${bench.loadAverage.map(digits).join(', ')}`,
    `- load generator: C++, ${bench.compiler} -O2`,
    ...versions,
    `- medians (and range) over ${roundsText(bench.options)} × ${seconds} s after ${warmupSeconds} s of warm-up, ` +
      'longer where a scenario needs it; servers alternate, a fresh process for each sample',
    ...baselineNote(bench),
    ...absentNotes(bench),
  ].join('\n');
}

/** @param {Bench} bench */
function conditionsSections(bench) {
  const { runs = [] } = bench;
  if (runs.length < 2) return [`${conditionsText(bench)}\n`];
  return runs.map((run, i) => `Run ${i + 1}:\n\n${conditionsText(run)}\n`);
}

/** @param {Bench} bench */
function baselineNote({ options }) {
  const baseline = options.servers.find(({ name }) => name === BASELINE);
  if (!baseline || options.servers.length < 2) return [];
  return [`- **n×**: so many times better than ${baseline.title}, by the medians`];
}

/** @param {Bench} bench */
function absentNotes({ absent }) {
  const notes = absent.map(({ title, reason }) => `${title}: ${reason.split('\n')[0]}`);
  return [...notes, ...NOT_ON_NPM].map((note) => `- absent: ${note}`);
}

/** @param {Bench} bench */
function failuresSection({ failures }) {
  if (failures.length === 0) return '';
  const entries = failures.map(({ round, scenario, server, message, stderr }) => {
    const words = stderr ? `\n\n\`\`\`\n${stderr}\n\`\`\`` : '';
    return `**${server}, ${scenario}, round ${round}**: ${message}${words}\n`;
  });
  return `## Failed\n\n${entries.join('\n')}`;
}

/**
 * @param {Bench} bench
 * @returns {string}
 */
function renderReport(bench) {
  const { cores = 1 } = bench.options; // older results do not say
  const sections = [
    '# Results of `npm run bench`\n',
    ...conditionsSections(bench),
    failuresSection(bench),
    '![What the servers spend, as bars](results.svg)\n',
    marksSection(bench),
    ...bench.options.scenarios.map((scenario) => scenarioSection(bench, scenario)),
    flatnessSection(bench),
    limitsOf(cores),
  ];
  return sections.filter(Boolean).join('\n');
}

module.exports = { renderReport };
