'use strict';

/**
 * `npm run soak`: a chat whose clients number their messages, beside clients that make trouble of every kind.
 *
 *     npm run soak -- --minutes N          how long, 5 unless given
 *     npm run soak -- --seed N             the same trouble again; by chance unless given
 *     npm run soak -- --clients N          members of the chat, 40 unless given
 *     npm run soak -- --rate N             messages a second of each, 2 unless given
 *     npm run soak -- --door NAMES         http, https, port, port-tls; all of them unless given
 *     npm run soak -- --trouble NAMES      as docs/soak.md names it, commas between; all of it unless given
 *     npm run soak -- --out FOLDER         where the report goes, .cache/soak unless given
 *     npm run soak -- --package socket.io  another server of the same API, with --door attached
 *
 * It ends with code 1 if a message was lost, doubled or out of order, or if something grew. docs/soak.md says more.
 */

const path = require('node:path');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { reportFailure, setUp } = require('./setup');
const { TOP } = require('./support/processes');
const { readCommandLine } = require('./support/arguments');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

/** What is in test/ is loaded late: it needs packages. @param {string} file */
const load = (file) => require(path.join(TOP, 'test/soak', file));

const OPTIONS = ['minutes', 'seed', 'clients', 'rate', 'door', 'out', 'trouble', 'package'].concat(
  ['run', 'sabotage', 'patience'], // for `npm test`, and the tests of the soak
);

/**
 * @typedef {object} SoakArguments
 * @property {number} seconds
 * @property {number} seed
 * @property {number} clients
 * @property {number} rate
 * @property {string[]} doors
 * @property {string[]} kinds of trouble
 * @property {string} out
 * @property {string} [of]
 * @property {string[]} sabotage
 * @property {number} [patienceMs]
 * @property {string} [run] by which its report is known
 */

/**
 * Errors: throws a SetUpError that says what is wrong with the command line.
 *
 * @param {string[]} argv
 * @returns {SoakArguments}
 */
function readArguments(argv) {
  const { values } = readCommandLine(argv, OPTIONS, false);
  const { door, package: of, patience, sabotage, trouble, run } = values;
  const seed = values.seed ?? `${Math.floor(Math.random() * 2 ** 31)}`;
  return {
    seconds: 60 * number('--minutes', values.minutes ?? '5', 0.05, 60 * 24 * 7),
    seed: wholeNumber('--seed', seed, 0, 2 ** 32 - 1),
    clients: wholeNumber('--clients', values.clients ?? '40', 1, 10_000),
    rate: number('--rate', values.rate ?? '2', 0.01, 1000),
    doors: doorsOf(door, of),
    kinds: namesOf('--trouble', load('trouble').TROUBLEMAKERS, trouble ?? ''),
    out: path.resolve(values.out ?? path.join(TOP, '.cache/soak')),
    of,
    run,
    ...(patience && { patienceMs: 1000 * number('--patience', patience, 1, 3600) }),
    sabotage: sabotage ? namesOf('--sabotage', load('server/sabotage').SABOTAGES, sabotage) : [],
  };
}

/**
 * @param {string} option
 * @param {object} known whose keys may be named
 * @param {string} text
 * @returns {string[]} all of them, if none is named
 */
function namesOf(option, known, text) {
  const all = Object.keys(known);
  const names = text.split(',').filter(Boolean);
  if (names.length === 0) return all;
  if (names.every((name) => all.includes(name))) return all.filter((name) => names.includes(name));
  throw new SetUpError(`${option} takes some of ${all.join(', ')}.`);
}

/**
 * @param {string | undefined} text
 * @param {string | undefined} of the package
 * @returns {string[]}
 */
function doorsOf(text, of) {
  const { ALL_DOORS, readDoors } = load('run/doors');
  /** @type {string[]} */
  let doors;
  try {
    doors = text === undefined ? [...ALL_DOORS] : readDoors(text);
  } catch (error) {
    throw new SetUpError(/** @type {Error} */ (error).message);
  }
  const attached = readDoors('attached');
  if (of === undefined || doors.every((door) => attached.includes(door))) return doors;
  throw new SetUpError('--package has no port of its own: add --door attached, http or https.');
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function number(name, text, least, most) {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new SetUpError(`${name} takes a number from ${least} to ${most}.`);
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function wholeNumber(name, text, least, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new SetUpError(`${name} takes a whole number from ${least} to ${most}.`);
}

async function main() {
  // Only who is started as a step or by a test has a channel: without its parent nobody waits for it.
  process.once('disconnect', () => process.exit(1));
  const { out, ...settings } = readArguments(process.argv.slice(2));
  await setUp({ forTests: true, addon: chosenConfiguration() });
  const { seconds, seed, clients, doors } = settings;
  console.log(
    `${seconds / 60} minutes with seed ${seed}: ${clients} clients at ${doors.join(', ')}`,
  );
  // Loaded before hours go by.
  const { judge } = load('report/verdict');
  const { checkLines, summaryOf } = load('report/markdown');
  const { writeReport } = load('report/write');
  const outcome = await load('run/soak').soak(settings, console.log);
  const checks = judge(outcome);
  writeReport(out, outcome, checks);
  console.log(['', ...checkLines(checks), '', summaryOf(outcome)].join('\n'));
  console.log(`The report is in ${path.relative(process.cwd(), out) || '.'}`);
  const isFine = checks.every((/** @type {{ passed: boolean }} */ { passed }) => passed);
  // Clients that are still closing need not be waited for.
  process.exit(isFine ? 0 : 1);
}

if (require.main === module && !tellsHelp(__filename)) {
  main().catch((error) => {
    reportFailure(error);
    process.exit();
  });
}

module.exports = { readArguments };
