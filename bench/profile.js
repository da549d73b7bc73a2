/**
 * `npm run profile`: a flame graph of one server under one scenario of the bench, as SVG in .cache/. Where perf
 * may take samples, it shows all threads and the kernel. Elsewhere V8's profiler shows the JavaScript thread.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { renderFlameGraph } = require('./profile/flame-graph');
const { isThere, perfProbe } = require('./profile/perf');
const { v8Probe } = require('./profile/v8');
const { SCENARIOS } = require('./scenarios');
const { SERVERS, whyNot } = require('./servers');
const { CellError, runCell } = require('./support/cell');
const { makeCertificate } = require('./support/certificate');
const { choosePinning } = require('./support/machine');
const { UsageError } = require('./support/options');
const { CPP_SERVER, GENERATOR, MIXED_ADDON, buildProgram } = require('./support/programs');
const { setUp } = require('../scripts/setup');
const { SetUpError } = require('../scripts/support/set-up-error');

const CACHE_FOLDER = path.join(__dirname, '.cache');
const WARMUP_SECONDS = 1;

/** What a profiler can watch without the packages of peers/. */
const PROFILED = SERVERS.filter(
  ({ runtime, peer }) => (runtime === 'node' || runtime === 'cpp') && peer === undefined,
);

const USAGE = `usage: npm run profile -- [scenario] [options]

  scenario         ${SCENARIOS.map(({ name }) => name).join(', ')}; echo16 unless given
  --server name    ${PROFILED.map(({ name }) => name).join(', ')}; beastio unless given
  --seconds s      length of the measured window, 5 unless given
  --v8             V8's profiler also where there is perf
  --help           this text
`;

/**
 * @typedef {object} Choice
 * @property {import('./scenarios').Scenario} scenario
 * @property {import('./servers').BenchServer} server
 * @property {number} seconds
 * @property {boolean} v8
 */

/**
 * @template {{ name: string }} Row
 * @param {string} what for the message
 * @param {readonly Row[]} table
 * @param {string} name
 * @returns {Row}
 */
function rowOf(what, table, name) {
  const row = table.find((each) => each.name === name);
  if (row !== undefined) return row;
  throw new UsageError(`there is no ${what} '${name}'`);
}

/**
 * @param {string[]} args
 */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        server: { type: 'string', default: 'beastio' },
        seconds: { type: 'string', default: '5' },
        v8: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {string[]} argv without node and script
 * @returns {Choice | 'help'} Errors: a UsageError
 */
function readChoice(argv) {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  const [name = 'echo16', ...others] = positionals;
  if (others.length > 0) throw new UsageError('one scenario at a time');
  const seconds = Number(values.seconds);
  if (!(seconds >= 0.1 && seconds <= 3600)) {
    throw new UsageError(`--seconds wants a number from 0.1 to 3600, not '${values.seconds}'`);
  }
  const scenario = rowOf('scenario', SCENARIOS, name);
  const server = rowOf('server', PROFILED, /** @type {string} */ (values.server));
  const reason = whyNot(server, scenario);
  if (reason !== undefined) throw new UsageError(`${server.name} cannot serve ${name}: ${reason}`);
  return { scenario, server, seconds, v8: values.v8 === true };
}

/**
 * @param {import('./servers').BenchServer} server
 * @returns {import('./support/cell').Tools} what it needs; the peers and the limit are not profiled
 */
function makeTools({ runtime, name }) {
  fs.mkdirSync(CACHE_FOLDER, { recursive: true });
  const build = (/** @type {Parameters<typeof buildProgram>[0]} */ program) =>
    buildProgram(program, CACHE_FOLDER, (message) => console.error(message));
  return {
    generator: build(GENERATOR),
    limit: '',
    cpp: runtime === 'cpp' ? build(CPP_SERVER) : '',
    mixed: name === 'mixed' ? build(MIXED_ADDON) : '',
    peers: { folder: CACHE_FOLDER, bun: '', absent: {} },
    certificate: makeCertificate(CACHE_FOLDER),
    pinning: choosePinning(),
  };
}

/**
 * @param {Choice} choice
 * @returns {Promise<string>} the file with the picture. Errors: rejects with a CellError or a SetUpError
 */
async function profile({ scenario, server, seconds, v8 }) {
  await setUp({ forTests: false, forBench: true, addon: 'Profile' });
  process.env.BEASTIO_ADDON = 'profile'; // servers inherit it
  const tools = makeTools(server);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-profile-'));
  try {
    const usesPerf = !v8 && isThere(folder);
    if (!usesPerf && server.runtime !== 'node') {
      throw new CellError('only perf can watch a program in C++', '');
    }
    const probe = usesPerf ? perfProbe(folder) : v8Probe(folder);
    const profiler = usesPerf ? 'perf' : "V8's profiler, JavaScript thread only";
    console.error(`${scenario.title}: ${server.title}, by ${profiler}`);
    const times = { seconds, warmupSeconds: WARMUP_SECONDS };
    await runCell({ server, scenario, tools, times, probe });
    const stacks = probe.stacks();
    if (stacks.length === 0) throw new CellError('the profiler took no samples', '');
    const file = path.join(CACHE_FOLDER, `profile-${scenario.name}-${server.name}.svg`);
    const title = `${scenario.title}: ${server.title} (${profiler})`;
    fs.writeFileSync(file, renderFlameGraph(title, stacks));
    return file;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string[]} argv */
async function main(argv) {
  try {
    const choice = readChoice(argv);
    if (choice === 'help') process.stdout.write(USAGE);
    else console.log(`Written: ${await profile(choice)}`);
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    const isForPeople = [UsageError, CellError, SetUpError].some((kind) => error instanceof kind);
    console.error(isForPeople ? /** @type {Error} */ (error).message : error);
    if (error instanceof CellError && error.stderr) console.error(error.stderr);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
  }
}

void main(process.argv.slice(2));
