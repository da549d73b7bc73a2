'use strict';

/** docs/guide/troubleshooting.md has a heading for every code of an error or a warning, and for no other. */

const fs = require('node:fs');
const path = require('node:path');
const { listFiles } = require('../../scripts/support/files');
const { TOP } = require('../support/programs/programs');

const PAGE = fs.readFileSync(path.join(TOP, 'docs/guide/troubleshooting.md'), 'utf8');

test('every code has a heading', () => {
  const files = ['lib', 'native'].flatMap((folder) =>
    listFiles(path.join(TOP, folder), /\.(js|cpp|hpp|h)$/),
  );
  const texts = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
  const codes = texts.match(/\bERR_BEASTIO_[A-Z_]+\b|(?<=code: ')BEASTIO_[A-Z_]+/g) ?? [];
  const headings = [...PAGE.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  expect(headings.sort()).toEqual([...new Set(codes)].sort());
  expect(headings.length).toBeGreaterThan(10);
});
