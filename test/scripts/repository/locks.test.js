'use strict';

/** The lock files that are kept: they serve everybody's registry, and fit the package.json beside them. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('../../support/programs/programs');
const beastio = require('../../../package.json');

const LOCKS = String(execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: TOP }))
  .trim()
  .split('\n');

const EXAMPLES = LOCKS.filter((file) => file.startsWith('examples/'));

test('there are those of the repository, of its examples, and of the applications of test/alias', () => {
  expect(LOCKS.length).toBeGreaterThan(12);
  expect(EXAMPLES.length).toBeGreaterThan(6);
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

// What is stale is renewed by `npm run locks`.
test.each(EXAMPLES)('%s has the beast.io of this checkout, without a hash', (file) => {
  const { packages } = JSON.parse(fs.readFileSync(path.join(TOP, file), 'utf8'));
  const { version, license, dependencies, engines } = beastio;
  const expected = { version, license, dependencies, engines };
  const [place] = ['beast.io', 'socket.io'].filter((name) => packages[`node_modules/${name}`]);
  const { name = place, ...entry } = packages[`node_modules/${place}`];
  expect([name, entry]).toEqual(['beast.io', expected]);
});

test('so has the lock file of Bun', () => {
  const lock = fs.readFileSync(path.join(TOP, 'examples/frameworks/bun/bun.lock'), 'utf8');
  const [, version, place, what, hash] =
    /\["beast\.io@([\d.]+)", "(.*?)", (\{.*\}), "(.*?)"\],$/m.exec(lock) ?? [];
  expect([version, place, hash]).toEqual([beastio.version, '', '']);
  expect(JSON.parse(what)).toEqual({ dependencies: beastio.dependencies });
  expect(lock).not.toMatch(/https?:/);
});
