/** What a soak has shown: one check for each promise. Pure. */
'use strict';

const { growthOf } = require('./growth');

const MB = 1e6;

/**
 * Allowed growth. A heap differs by what happens to wait when it is looked at, native memory by what the
 * allocator keeps.
 */
const HEAP_ALLOWANCE = 6 * MB;
const OUTSIDE_ALLOWANCE = 30 * MB;
/** Polls come and go, and now and then a client is just away. */
const DESCRIPTOR_ALLOWANCE = 12;
const DESCRIPTOR_ALLOWANCE_PER_CLIENT = 0.1;

/** At the end nobody is connected, so little can differ. */
const LEFT_DESCRIPTORS = 2;

/** So many of the troublemakers may fail, as on a machine that hardly runs them. */
const FAILED_SHARE = 0.25;

/**
 * @typedef {{ name: string, passed: boolean, detail: string }} Check
 * @param {import('../run/soak').Outcome} outcome
 * @returns {Check[]}
 */
function judge({ settings, ledger, tally, server, samples, troubles, forgotten, absent, death }) {
  const { skipped = 0 } = server;
  const lost = ledger.lost + skipped + forgotten;
  const isStarted = ledger.heard > 0;
  const tellsDescriptors = (samples.first?.descriptors ?? 0) > 0; // Linux does
  return [
    check('the server lives', !death, death ?? ''),
    check(
      'nothing is lost',
      isStarted && lost === 0,
      `${ledger.lost} of ${ledger.heard + ledger.lost} messages to receivers, ${skipped + forgotten} to the server`,
    ),
    check('nothing is doubled', isStarted && ledger.doubled === 0, `${ledger.doubled}`),
    check(
      'everything is in order',
      isStarted && ledger.disordered + ledger.stray === 0,
      `${ledger.disordered} late, ${ledger.stray} in a room without the receiver`,
    ),
    check('everything is whole', tally.damaged === 0, `${tally.damaged} damaged`),
    check(
      'who comes back in time finds its session',
      tally.strangers === 0,
      `${tally.recovered} did, ${tally.strangers} did not`,
    ),
    check('everybody is there at the end', absent === 0, `${absent} missing`),
    check(
      'the troublemakers could act',
      troubles.length <= FAILED_SHARE * samples.marks.length,
      `${troubles.length} of ${samples.marks.length} could not`,
    ),
    check('nothing else went wrong', tally.faults.length === 0, tally.faults.join('; ')),
    ...memoryChecks(samples),
    ...(tellsDescriptors ? descriptorChecks(samples, settings.clients) : []),
  ];
}

/**
 * @param {string} name
 * @param {boolean} passed
 * @param {string} detail
 */
function check(name, passed, detail) {
  return { name, passed, detail };
}

/** @param {Pick<import('./samples').Samples, 'looks'>} samples */
function memoryChecks({ looks }) {
  return [
    ...growthChecks("V8's heap does not grow", looks, 'heap', HEAP_ALLOWANCE, MB),
    ...growthChecks(
      'the memory outside of it does not grow',
      looks,
      'outside',
      OUTSIDE_ALLOWANCE,
      MB,
    ),
  ];
}

/**
 * @param {Pick<import('./samples').Samples, 'first' | 'looks' | 'last'>} samples
 * @param {number} clients
 */
function descriptorChecks({ first, looks, last }, clients) {
  const allowance = DESCRIPTOR_ALLOWANCE + DESCRIPTOR_ALLOWANCE_PER_CLIENT * clients;
  const growth = growthChecks('descriptors do not grow', looks, 'descriptors', allowance, 1);
  if (!first || !last) return growth;
  const left = last.descriptors - first.descriptors;
  const detail = `${first.descriptors} before, ${last.descriptors} after`;
  return [...growth, check('who has left leaves no descriptors', left <= LEFT_DESCRIPTORS, detail)];
}

/**
 * @param {string} what
 * @param {import('./samples').Look[]} looks
 * @param {'heap' | 'outside' | 'descriptors'} key
 * @param {number} allowance
 * @param {number} unit
 * @returns {Check[]} None when it was too short to tell.
 */
function growthChecks(what, looks, key, allowance, unit) {
  const growth = growthOf(looks.map((look) => ({ at: look.at, value: look[key] })));
  if (growth === undefined) return [];
  const show = (/** @type {number} */ value) =>
    `${(value / unit).toFixed(1)}${unit === MB ? ' MB' : ''}`;
  const detail = `${show(growth)} between the looks, up to ${show(allowance)} is allowed`;
  return [check(what, growth <= allowance, detail)];
}

module.exports = { judge };
