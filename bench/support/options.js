/**
 * The command line of the bench.
 */
'use strict';

const os = require('node:os');
const { parseArgs } = require('node:util');
const { SCALED, SCENARIOS } = require('../scenarios');
const { SERVERS } = require('../servers');
const { partedPair } = require('./results');

/**
 * @typedef {object} Options
 * @property {import('../scenarios').Scenario[]} scenarios
 * @property {import('../servers').BenchServer[]} servers
 * @property {number} rounds of the scenarios that have marks
 * @property {number} unmarkedRounds of the others
 * @property {number} seconds of a measured window
 * @property {number} warmupSeconds
 * @property {number} cores that the server has
 * @property {boolean} write whether what is measured is published: results.json, RESULTS.md, its plot and the README's table
 * @property {boolean} scaling whether `ioThreads` and cores are varied, on our own port, in place of servers
 * @property {boolean} render whether they are written from results.json, and nothing is measured
 */

/** A wrong command line; the message says what is wrong with it. */
class UsageError extends Error {}

const FULL = { rounds: 5, seconds: 2, warmupSeconds: 1.2 };
const QUICK = { rounds: 2, seconds: 1, warmupSeconds: 0.6 };

const USAGE = `usage: npm run bench -- [options]

  --quick            ${QUICK.rounds} rounds of ${QUICK.seconds} s of the scenarios that matter most, on ours and the strongest peers:
                     under five minutes, in place of over two hours for ${FULL.rounds} rounds of ${FULL.seconds} s of everything
  --only a,b         these scenarios: ${names(SCENARIOS).join(', ')}
  --servers a,b      these servers: ${names(SERVERS).join(', ')}
  --rounds n         how often each scenario is run on each server
  --unmarked-rounds n
                     how often, for those that no mark needs: as often as the others unless given
  --seconds s        length of a measured window
  --cores n          how many cores the server has: 1 unless given. The generator spins on another one.
                     Where none is left, as with 2 of 2, it shares the server's and sleeps. The server
                     then pays for waking it and waits for its turn: compare servers, not with 1 core
  --scaling          only our own port, with ioThreads 1 to 4 on 1 and 2 cores: throughput and CPU
                     of ${SCALED.join(', ')}, or of what --only names
  --write            write bench/results.json, bench/RESULTS.md, bench/results.svg and the table of README.md
                     (needs every server, one core, and no failure). With --only it renews those scenarios
  --render           measure nothing: write all but the first from bench/results.json
  --help             this text

Results: a Markdown table on stdout; with --write every sample in bench/results.json.
`;

/** @param {readonly {name: string}[]} rows */
function names(rows) {
  return rows.map((row) => row.name);
}

/**
 * The rows that a comma-separated list names, in the order of the table; without a list all of them,
 * or those of the quick run.
 * @template {{name: string, quick?: boolean}} Row
 * @param {string} option for the message
 * @param {readonly Row[]} table
 * @param {string | undefined} list
 * @param {boolean} quick
 * @returns {Row[]}
 */
function select(option, table, list, quick) {
  if (list === undefined) return table.filter((row) => row.quick || !quick);
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !names(table).includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `${option}: unknown ${unknown.map((name) => `'${name}'`).join(', ')}; ` +
        `there is ${names(table).join(', ')}`,
    );
  }
  return table.filter((row) => wanted.includes(row.name));
}

/**
 * @param {string} option for the message
 * @param {string | undefined} text
 * @param {number} fallback
 * @param {(value: number) => boolean} accepts
 * @param {string} wants for the message
 */
function number(option, text, fallback, accepts, wants) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !accepts(value)) {
    throw new UsageError(`${option} wants ${wants}, not '${text}'`);
  }
  return value;
}

/**
 * @param {string[]} argv without node and script
 * @returns {Options | 'help'} Errors: a UsageError
 */
function parseOptions(argv) {
  const { values } = parse(argv);
  if (values.help) return 'help';
  const quick = values.quick ?? false;
  const preset = quick ? QUICK : FULL;
  if (values.write && (quick || values.servers !== undefined)) {
    throw new UsageError('--write needs every server: leave --quick and --servers away');
  }
  const scaling = values.scaling ?? false;
  for (const other of /** @type {const} */ (['servers', 'cores', 'write', 'render'])) {
    if (scaling && values[other] !== undefined) {
      throw new UsageError(`--scaling goes without --${other}`);
    }
  }
  const most = os.availableParallelism();
  const cores = number(
    '--cores',
    values.cores,
    1,
    (value) => Number.isInteger(value) && value >= 1 && value <= most,
    `a whole number from 1 to ${most}, the cores there are`,
  );
  if (values.write && cores > 1) {
    throw new UsageError('--write tells of servers on one core: leave --cores away');
  }
  const rounds = wholeRounds('--rounds', values.rounds, preset.rounds);
  const scenarios = select(
    '--only',
    SCENARIOS,
    values.only ?? (scaling ? SCALED.join() : undefined),
    quick,
  );
  const parted = values.write ? partedPair(scenarios) : undefined;
  if (parted)
    throw new UsageError(`--write: ${parted.join(' and ')} are compared; --only needs both`);
  return {
    scenarios,
    servers: select('--servers', SERVERS, values.servers, quick),
    rounds,
    unmarkedRounds: wholeRounds('--unmarked-rounds', values['unmarked-rounds'], rounds),
    seconds: number(
      '--seconds',
      values.seconds,
      preset.seconds,
      (value) => value >= 0.1 && value <= 3600,
      'a number from 0.1 to 3600',
    ),
    warmupSeconds: preset.warmupSeconds,
    cores,
    write: values.write ?? false,
    scaling,
    render: values.render ?? false,
  };
}

/**
 * @param {string} option for the message
 * @param {string | undefined} text
 * @param {number} fallback
 */
function wholeRounds(option, text, fallback) {
  return number(
    option,
    text,
    fallback,
    (value) => Number.isInteger(value) && value >= 1 && value <= 1000,
    'a whole number from 1 to 1000',
  );
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string' },
        servers: { type: 'string' },
        rounds: { type: 'string' },
        'unmarked-rounds': { type: 'string' },
        seconds: { type: 'string' },
        cores: { type: 'string' },
        scaling: { type: 'boolean' },
        write: { type: 'boolean' },
        render: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

module.exports = { parseOptions, UsageError, USAGE };
