'use strict';

/** The examples of the guide, of the API's pages and of restarts run as they stand, and log what they say. */

const fs = require('node:fs');
const path = require('node:path');
const { blocksOf, runBlock } = require('./support/blocks');
const { TOP } = require('../support/programs/programs');

/** @param {string} folder of docs/ */
const pagesOf = (folder) =>
  fs
    .readdirSync(path.join(TOP, 'docs', folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** Of restarts.md, what is a program of its own. */
const RESTARTS = blocksOf('restarts.md').filter(({ code }) => code.includes('console.log'));
const BLOCKS = [...[...pagesOf('api'), ...pagesOf('guide')].flatMap(blocksOf), ...RESTARTS];

test.each(BLOCKS)('$page:$line, $heading', async (block) => {
  const { logged, expected } = await runBlock(block);
  expect(logged).toEqual(expected);
});

test('an example that logs something else is noticed', async () => {
  const wrong = { page: '', line: 1, heading: '', code: "console.log('one'); // two\n" };
  const { logged, expected } = await runBlock(wrong);
  expect(logged).not.toEqual(expected);
});
