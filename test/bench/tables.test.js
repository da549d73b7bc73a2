'use strict';

/** The tables of the bench name each other rightly, its command line is read, and its marks are judged. */

const { MARKS } = require('../../bench/marks');
const { SCALED, SCENARIOS } = require('../../bench/scenarios');
const { SERVERS, whyNot } = require('../../bench/servers');
const { choosePinning } = require('../../bench/support/machine');
const { parseOptions } = require('../../bench/support/options');
const { renderScaling } = require('../../bench/support/scaling');
const { roundsText } = require('../../bench/support/summary');
const { judgeAll } = require('../../bench/support/verdicts');

/** @param {readonly { name: string }[]} table */
const namesOf = (table) => table.map(({ name }) => name);

test('scenarios have names and titles of their own', () => {
  expect(new Set(namesOf(SCENARIOS)).size).toBe(SCENARIOS.length);
  expect(new Set(SCENARIOS.map(({ title }) => title)).size).toBe(SCENARIOS.length);
  expect(namesOf(SCENARIOS)).toEqual(expect.arrayContaining(SCALED));
});

test.each(MARKS)('$server on $scenario, $metric.title: a mark that can be judged', (mark) => {
  const scenario = SCENARIOS.find(({ name }) => name === mark.scenario);
  const server = SERVERS.find(({ name }) => name === mark.server);
  expect(scenario.metrics.map(({ of }) => of)).toContain(mark.metric.of);
  expect(server.kind).toBe('ours');
  expect(whyNot(server, scenario)).toBeUndefined();
  if (mark.of !== undefined) expect(namesOf(SERVERS)).toContain(mark.of);
  expect(mark.of === undefined).toBe(mark.below !== undefined);
});

/**
 * @param {string} server
 * @param {Partial<import('../../bench/support/metrics').Sample>} sample
 */
const cellOf = (server, sample) => ({ round: 1, scenario: 'rate-1k', server, sample });

test('a bound may be a ratio to the best of some peers', () => {
  const verdicts = judgeAll([
    cellOf('beastio', { messages: 1, serverCpuNs: 70_000, latencyUs: { p50: 42, p99: 90 } }),
    cellOf('socketio', { messages: 1, serverCpuNs: 100_000, latencyUs: { p50: 60, p99: 100 } }),
    cellOf('eiows', { messages: 1, serverCpuNs: 50_000, latencyUs: { p50: 40, p99: 99 } }),
    cellOf('bun', { messages: 1, serverCpuNs: 10_000, latencyUs: { p50: 10, p99: 80 } }),
  ]);
  expect(verdicts.map(({ what, bound, reached, isReached }) => [what, bound, reached, isReached]))
    // prettier-ignore
    .toEqual([
      ['CPU µs/message, ratio to socket.io + ws', '≤ 0.8', '0.7', true],
      ['CPU µs/message, ratio to the best Node peer, socket.io + eiows', '≤ 1', '1.4', false],
      ['p50 µs, ratio to the best Node peer, socket.io + eiows', '≤ 1.05', '1.05', true],
      ['p99 µs, ratio to the best peer, Bun + socket.io', '≤ 1', '1.13', false],
    ]);
});

test('scenarios without marks have as many rounds as the others unless told', () => {
  expect(parseOptions(['--rounds', '4'])).toMatchObject({ rounds: 4, unmarkedRounds: 4 });
  const fewer = parseOptions(['--rounds', '5', '--unmarked-rounds', '2']);
  expect(fewer).toMatchObject({ rounds: 5, unmarkedRounds: 2 });
  expect(roundsText(fewer)).toBe('2 to 5');
  expect(() => parseOptions(['--unmarked-rounds', '0'])).toThrow('--unmarked-rounds wants a whole');
});

test('the server has one core unless others are asked for', () => {
  expect(parseOptions([])).toMatchObject({ cores: 1, scaling: false });
  expect(() => parseOptions(['--cores', '0'])).toThrow('--cores wants a whole number from 1 to');
  expect(() => parseOptions(['--cores', '4096'])).toThrow('the cores there are');
});

test('a generator without a core for itself does not spin', () => {
  expect(choosePinning(4096).apart).toBe(false);
});

test('scaling is measured by itself, on scenarios of its own or on those that are named', () => {
  const scaling = /** @type {any} */ (parseOptions(['--scaling']));
  expect(namesOf(scaling.scenarios).sort()).toEqual([...SCALED].sort());
  expect(parseOptions(['--scaling', '--only', 'echo1'])).toMatchObject({
    scenarios: [{ name: 'echo1' }],
  });
  expect(() => parseOptions(['--scaling', '--write'])).toThrow('--scaling goes without --write');
});

test('the table of scaling has medians for each number of threads and cores', () => {
  const scenario = SCENARIOS.find(({ name }) => name === 'echo16');
  const measured = [1, 2, 3, 4].flatMap((ioThreads) =>
    [1, 2, 9].map((millions) => ({
      scenario,
      ioThreads,
      cores: 1,
      sample: /** @type {any} */ ({
        messages: millions * ioThreads * 1e6,
        windowNs: 1e9,
        busyNs: 5e8,
        serverCpuNs: 2e9,
      }),
    })),
  );
  const text = renderScaling(measured, 'ours');
  expect(text).toContain('| ioThreads | messages/s, 1 core | CPU µs/message, 1 core |');
  expect(text).toContain('| 3 | 6,000,000 | 0.333 | 50 |');
});
