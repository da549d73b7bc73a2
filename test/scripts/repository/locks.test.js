'use strict';

/** The lock files that are kept: they serve everybody's registry, and fit the package.json beside them. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('../../support/programs/programs');

const LOCKS = String(execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: TOP }))
  .trim()
  .split('\n');

test('there are those of the repository and of the applications of test/alias', () => {
  expect(LOCKS.length).toBeGreaterThan(5);
});

test.each(LOCKS)('%s names no host and fits its package.json', (file) => {
  const read = (/** @type {string} */ name) => JSON.parse(fs.readFileSync(name, 'utf8'));
  const { packages } = read(path.join(TOP, file));
  const { dependencies, devDependencies } = read(
    path.join(TOP, path.dirname(file), 'package.json'),
  );
  expect(packages[''].dependencies).toEqual(dependencies);
  expect(packages[''].devDependencies).toEqual(devDependencies);
  const withPlace = Object.entries(packages).filter(([, entry]) => 'resolved' in entry);
  expect(withPlace.map(([location]) => location)).toEqual([]);
});
