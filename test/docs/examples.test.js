'use strict';

/** The examples of the guide, of the API's pages and of others run as they stand, and log what they say. */

const { EXAMPLE_PAGES, blocksOf, runBlock } = require('./support/blocks');

const BLOCKS = EXAMPLE_PAGES.flatMap(blocksOf);

test.each(BLOCKS)('$page:$line, $heading', async (block) => {
  const { logged, expected } = await runBlock(block);
  expect(logged).toEqual(expected);
});

test('an example that logs something else is noticed', async () => {
  const wrong = { page: '', line: 1, heading: '', code: "console.log('one'); // two\n" };
  const { logged, expected } = await runBlock(wrong);
  expect(logged).not.toEqual(expected);
});
