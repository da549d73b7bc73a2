/**
 * `npm run bench -- --scaling`: what further I/O threads and a second core bring to our own port. A cell for
 * each pair of the two, in interleaved rounds, and a table for each scenario.
 */
'use strict';

const os = require('node:os');
const { SCENARIOS } = require('../scenarios');
const { SERVERS } = require('../servers');
const { runCell } = require('./cell');
const { choosePinning } = require('./machine');
const { digits, markdownTable } = require('./markdown');
const { CPU_PER_MESSAGE, GENERATOR_SHARE, MESSAGES_PER_SECOND } = require('./metrics');
const { median } = require('./summary');

const SERVER = 'beastio-port';
const IO_THREADS = [1, 2, 3, 4];
const CORES = [1, 2];

/**
 * @typedef {object} Point
 * @property {import('../scenarios').Scenario} scenario
 * @property {number} ioThreads
 * @property {number} cores
 *
 * @typedef {Point & { sample: import('./metrics').Sample }} Measured
 */

/**
 * @param {readonly import('../scenarios').Scenario[]} scenarios
 * @returns {Point[]} with as many cores as there are
 */
function pointsOf(scenarios) {
  const most = os.availableParallelism();
  return scenarios.flatMap((scenario) =>
    IO_THREADS.flatMap((ioThreads) =>
      CORES.filter((cores) => cores <= most).map((cores) => ({ scenario, ioThreads, cores })),
    ),
  );
}

/**
 * @param {import('./options').Options} options
 * @param {import('./cell').Tools} tools
 * @param {(text: string) => void} say called after each cell
 * @returns {Promise<string>} Markdown. Errors: rejects with a CellError
 */
async function measureScaling(options, tools, say) {
  const server = SERVERS.find(({ name }) => name === SERVER);
  if (server === undefined) throw new Error(`there is no server '${SERVER}'`);
  /** @type {Measured[]} */
  const measured = [];
  const points = pointsOf(options.scenarios);
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const point of points) {
      const { ioThreads, cores } = point;
      const scenario = { ...point.scenario, serverOptions: { ioThreads } };
      const pinned = { ...tools, pinning: choosePinning(cores) };
      const { sample } = await runCell({ server, scenario, tools: pinned, times: options });
      measured.push({ ...point, sample });
      const text = `${digits(MESSAGES_PER_SECOND.of(sample))} messages/s`;
      say(`round ${round}, ${scenario.name}, ioThreads ${ioThreads}, cores ${cores}: ${text}`);
    }
  }
  return renderScaling(measured, server.title);
}

/**
 * @param {readonly Measured[]} measured
 * @param {string} server its title
 * @returns {string} Markdown
 */
function renderScaling(measured, server) {
  const scenarios = SCENARIOS.filter(({ name }) =>
    measured.some((it) => it.scenario.name === name),
  );
  const cores = CORES.filter((count) => measured.some((it) => it.cores === count));
  const columns = cores.flatMap((count) =>
    [MESSAGES_PER_SECOND, CPU_PER_MESSAGE, GENERATOR_SHARE].map((metric) => ({ count, metric })),
  );
  const head = [
    'ioThreads',
    ...columns.map(
      ({ count, metric }) => `${metric.title}, ${count === 1 ? '1 core' : `${count} cores`}`,
    ),
  ];
  const sections = scenarios.map(({ name, title }) => {
    const rows = IO_THREADS.map((ioThreads) => [
      String(ioThreads),
      ...columns.map(({ count, metric }) => {
        const own = measured.filter(
          (it) => it.scenario.name === name && it.ioThreads === ioThreads && it.cores === count,
        );
        return digits(median(own.map(({ sample }) => metric.of(sample))));
      }),
    ]);
    return `### ${title}\n\n${markdownTable([head, ...rows])}\n`;
  });
  const pinnings = cores.map((count) => `- ${count}: ${choosePinning(count).description}`);
  return `## I/O threads and cores: ${server}\n\n${pinnings.join('\n')}\n\n${sections.join('\n')}`;
}

module.exports = { measureScaling, renderScaling };
