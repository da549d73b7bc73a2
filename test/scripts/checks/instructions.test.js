'use strict';

/** How instruction counts are judged by their baseline. That they are counted, `npm test` shows. */

const { compareCounts } = require('../../../scripts/checks/instructions');

test('a count that has grown by a tenth at most passes', () => {
  const { isSlower, isFaster, lines } = compareCounts({ echo: 1090 }, { echo: 1000 });
  expect({ isSlower, isFaster }).toEqual({ isSlower: false, isFaster: false });
  expect(lines).toEqual(['  echo: 1,090 (+9.0 %)']);
});

test('a count that has grown by more fails, and says by how much', () => {
  const { isSlower, lines } = compareCounts({ echo: 1111, join: 5 }, { echo: 1000, join: 5 });
  expect(isSlower).toBe(true);
  expect(lines).toEqual(['  echo: 1,111 (+11.1 %)  <-- FAILED', '  join: 5 (+0.0 %)']);
});

test('a count that has shrunk by more asks for a new baseline', () => {
  const { isSlower, isFaster } = compareCounts({ echo: 800 }, { echo: 1000 });
  expect({ isSlower, isFaster }).toEqual({ isSlower: false, isFaster: true });
});

test.each([
  ['the program', { echo: 1 }, { echo: 1, join: 5 }],
  ['the baseline', { echo: 1, join: 5 }, { echo: 1 }],
])('a script that is missing in %s fails', (_where, counts, baseline) => {
  expect(compareCounts(counts, baseline).isSlower).toBe(true);
});
