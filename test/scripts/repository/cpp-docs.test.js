'use strict';

/** The blocks of C++ of docs/cpp.md stand in sources that the tests compile and run. */

const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('../../support/programs/programs');
const { listFiles } = require('../../../scripts/support/files');

const read = (/** @type {string} */ file) => fs.readFileSync(path.join(TOP, file), 'utf8');

/** A block may be a part of a function, or of a function in it. */
const INDENTS = ['', '  ', '    '];

const sources = ['test/native/docs', 'examples/cpp-echo'].flatMap((folder) =>
  listFiles(path.join(TOP, folder), /\.cpp$/).map((file) => fs.readFileSync(file, 'utf8')),
);

const blocks = [...read('docs/cpp.md').matchAll(/^```cpp\n([^]*?)^```$/gm)].map(([, text]) => [
  text.trim().split('\n')[0],
  text,
]);

test('the page has its blocks', () => {
  expect(blocks.length).toBeGreaterThan(30);
});

test.each(blocks)('compiled and run: %s', (_first, text) => {
  const forms = INDENTS.map((indent) => text.replace(/^(?=.)/gm, indent));
  const found = sources.filter((source) => forms.some((form) => source.includes(form)));
  expect(found).toHaveLength(1);
});

test('every case of the sources is for this page', () => {
  const cases = sources.join('').match(/TEST_CASE\("(?!docs\/cpp\.md: )/g);
  expect(cases).toBeNull();
});
