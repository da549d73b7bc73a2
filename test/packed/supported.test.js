'use strict';

/** What the documentation says is supported is what the tests run. */

const fs = require('node:fs');
const path = require('node:path');
const { engines } = require('../../package.json');
const { TOP } = require('../support/programs/programs');
const { everyTest, managersTable, runtimesTable } = require('./support/supported');

const read = (/** @type {string} */ name) => fs.readFileSync(path.join(TOP, name), 'utf8');

test.each([
  ['runtimes', runtimesTable()],
  ['package managers', managersTable()],
])('docs/packaging.md has the table of %s', (_name, table) => {
  expect(read('docs/packaging.md')).toContain(table);
});

test('the oldest Node is the oldest that every test runs on', () => {
  const [oldest] = everyTest();
  expect(engines.node).toBe(`>=${oldest}`);
  expect(read('README.md')).toContain(`Linux and Node ${oldest} or later`);
});

test('the README names the versions of the others', () => {
  const others = runtimesTable().matchAll(/^\| (Bun|Deno) (\d+\.\d+)/gm);
  const named = [...others].map(([, name, version]) => `${name} ${version}`);
  expect(named).toHaveLength(2);
  for (const name of named) expect(read('README.md')).toContain(name);
});
