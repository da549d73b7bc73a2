'use strict';

/** When a difference between the packages counts: with runs that give what they are told to give. */

const { isEqual, repeatedTraces } = require('./support/repeat');

/**
 * A run of which each play writes down the next line.
 * @param {...string} lines
 */
function runOf(...lines) {
  const rest = [...lines];
  const next = async () => ({ lane: [rest.shift()] });
  return { traceOf: next, playAgain: next, stop: async () => {}, rest };
}

test('what is equal is played once', async () => {
  const runs = [runOf('a', 'unused'), runOf('a', 'unused')];
  expect(isEqual(...(await repeatedTraces('x', ...runs)))).toBe(true);
  expect(runs.map(({ rest }) => rest)).toEqual([['unused'], ['unused']]);
});

test('a difference that does not come again is none', async () => {
  const runs = [runOf('a', 'a', 'b'), runOf('b', 'c', 'b')];
  expect(isEqual(...(await repeatedTraces('x', ...runs)))).toBe(true);
});

test('one that comes each time is shown as it came last', async () => {
  const runs = [runOf('a', 'a', 'a', 'b', 'unused'), runOf('b', 'b', 'b', 'c', 'unused')];
  const traces = await repeatedTraces('x', ...runs);
  expect(traces).toEqual([{ lane: ['b'] }, { lane: ['c'] }]);
  expect(runs.map(({ rest }) => rest)).toEqual([['unused'], ['unused']]);
});
