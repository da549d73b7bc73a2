/**
 * `npm run bench`: every scenario on every server, in interleaved rounds. Progress and failures go to stderr,
 * the tables to stdout, and with `--write` every sample to results.json. Exit status 1 after a failure.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { MARKS } = require('./marks');
const { whyNot } = require('./servers');
const { CellError, runCell } = require('./support/cell');
const { makeCertificate } = require('./support/certificate');
const { choosePinning, describeMachine } = require('./support/machine');
const { parseOptions, USAGE, UsageError } = require('./support/options');
const { installPeers } = require('./support/peers');
const {
  CPP_SERVER,
  GENERATOR,
  LIMIT_SERVER,
  MIXED_ADDON,
  buildProgram,
  compilerVersion,
} = require('./support/programs');
const { renderPlot } = require('./support/plot');
const { Progress } = require('./support/progress');
const { renewReadme } = require('./support/readme');
const { renderReport } = require('./support/report');
const { joinRuns, mergeRuns, readRuns, writeRuns } = require('./support/results');
const { measureScaling } = require('./support/scaling');
const { setUp } = require('../scripts/setup');

const CACHE_FOLDER = path.join(__dirname, '.cache');
const RESULTS_JSON = path.join(__dirname, 'results.json');
const RESULTS_MARKDOWN = path.join(__dirname, 'RESULTS.md');
const RESULTS_PLOT = path.join(__dirname, 'results.svg');
const README = path.join(__dirname, '../README.md');

/**
 * The order of the cells. Each round runs what has rounds left, and each begins with another server. So what
 * changes on the machine meanwhile meets all of them.
 * @param {import('./support/options').Options} options
 */
function* cellsInOrder({ rounds, unmarkedRounds, scenarios, servers }) {
  const marked = new Set(MARKS.map(({ scenario }) => scenario));
  for (let round = 1; round <= Math.max(rounds, unmarkedRounds); round += 1) {
    for (const scenario of scenarios) {
      if (round > (marked.has(scenario.name) ? rounds : unmarkedRounds)) continue;
      const able = servers.filter((server) => whyNot(server, scenario) === undefined);
      for (let i = 0; i < able.length; i += 1) {
        yield { round, scenario, server: able[(i + round - 1) % able.length] };
      }
    }
  }
}

/**
 * Leaves out the servers whose packages could not be installed, and remembers why.
 * @param {import('./support/options').Options} options
 * @param {import('./support/peers').Peers} peers
 */
function splitAbsent(options, peers) {
  /** @param {import('./servers').BenchServer} server */
  const reasonOf = ({ peer }) => (peer === undefined ? undefined : peers.absent[peer]);
  return {
    options: { ...options, servers: options.servers.filter((server) => !reasonOf(server)) },
    absent: options.servers.flatMap((server) => {
      const reason = reasonOf(server);
      return reason === undefined ? [] : [{ title: server.title, reason }];
    }),
  };
}

/**
 * Runs all cells and collects them in `bench`. A server that cannot start is not tried again. Nor is a
 * scenario that failed on a server.
 * @param {import('./support/report').Bench} bench
 * @param {import('./support/cell').Tools} tools
 */
async function runAll(bench, tools) {
  const { options } = bench;
  const total = [...cellsInOrder(options)].length;
  const progress = new Progress(process.stderr, total);
  const givenUp = new Set();
  const heard = new Set();

  for (const { round, scenario, server } of cellsInOrder(options)) {
    const label = `round ${round}, ${scenario.name}, ${server.name}`;
    const pair = `${scenario.name} ${server.name}`;
    if (givenUp.has(server.name) || givenUp.has(pair)) {
      progress.end(label, 'left out after the failure');
      continue;
    }
    progress.begin(label);
    try {
      const cell = await runCell({ server, scenario, tools, times: options });
      bench.versions[server.name] = cell.versions;
      bench.cells.push({
        round,
        scenario: scenario.name,
        server: server.name,
        sample: cell.sample,
      });
      progress.end(label, headline(scenario, cell.sample));
      if (cell.serverStderr && !heard.has(server.name)) {
        heard.add(server.name);
        progress.say(`${server.name} wrote to stderr:\n${cell.serverStderr}`);
      }
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      givenUp.add(error.startFailed ? server.name : pair);
      const { message, stderr } = error;
      bench.failures.push({ round, scenario: scenario.name, server: server.name, message, stderr });
      progress.say(`FAILED ${label}: ${message}${stderr && `\n${stderr}`}`);
      progress.end(label, 'failed');
    }
  }
  progress.finish();
}

/**
 * @param {import('./scenarios').Scenario} scenario
 * @param {import('./support/metrics').Sample} sample
 */
function headline({ metrics }, sample) {
  return metrics
    .filter((metric) => metric.better)
    .map((metric) => `${Number(metric.of(sample).toPrecision(4))} ${metric.title}`)
    .join(', ');
}

/**
 * @param {number} cores that the server has
 * @returns {import('./support/cell').Tools}
 */
function makeTools(cores) {
  /** @param {string} message */
  const say = (message) => console.error(message);
  fs.mkdirSync(CACHE_FOLDER, { recursive: true });
  return {
    generator: buildProgram(GENERATOR, CACHE_FOLDER, say),
    limit: buildProgram(LIMIT_SERVER, CACHE_FOLDER, say),
    cpp: buildProgram(CPP_SERVER, CACHE_FOLDER, say),
    mixed: buildProgram(MIXED_ADDON, CACHE_FOLDER, say),
    peers: installPeers(CACHE_FOLDER, say),
    certificate: makeCertificate(CACHE_FOLDER),
    pinning: choosePinning(cores),
  };
}

/**
 * The whole bench: build, run, report.
 * @param {import('./support/options').Options} chosen
 */
async function measure(chosen) {
  await setUp({ forTests: false, forBench: true });
  const tools = makeTools(chosen.cores);
  if (chosen.scaling) {
    process.stdout.write(await measureScaling(chosen, tools, (text) => console.error(text)));
    return;
  }
  const { pinning } = tools;
  const { options, absent } = splitAbsent(chosen, tools.peers);

  /** @type {import('./support/report').Bench} */
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    pinning: pinning.description,
    compiler: compilerVersion(),
    loadAverage: os.loadavg(),
    versions: {},
    options,
    cells: [],
    absent,
    failures: [],
  };
  await runAll(result, tools);

  fs.writeFileSync(path.join(CACHE_FOLDER, 'results.svg'), renderPlot(result));
  process.stdout.write(renderReport(result));
  if (result.failures.length > 0) {
    process.exitCode = 1;
    const kept = options.write ? '; nothing of it is written' : '';
    console.error(`${result.failures.length} of the cells failed${kept}`);
  } else if (options.write) {
    const runs = mergeRuns(readRuns(RESULTS_JSON), result);
    writeRuns(RESULTS_JSON, runs);
    publish(runs);
  }
}

/**
 * Errors: an Error where nothing has been measured.
 * @param {readonly import('./support/report').Bench[]} runs
 */
function publish(runs) {
  if (runs.length === 0) throw new Error('bench/results.json has no run: begin with --write');
  const all = joinRuns(runs);
  fs.writeFileSync(RESULTS_MARKDOWN, renderReport(all));
  fs.writeFileSync(RESULTS_PLOT, renderPlot(all));
  fs.writeFileSync(README, renewReadme(fs.readFileSync(README, 'utf8'), all));
}

/** @param {string[]} argv */
async function main(argv) {
  try {
    const options = parseOptions(argv);
    if (options === 'help') process.stdout.write(USAGE);
    else if (options.render) publish(readRuns(RESULTS_JSON));
    else await measure(options);
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    console.error(/** @type {Error} */ (error).message);
    if (error instanceof CellError && error.stderr) console.error(error.stderr);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
  }
}

void main(process.argv.slice(2));
