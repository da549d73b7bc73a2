'use strict';

/** The tables of what is supported, made of what the tests run: the lock files, the workflows, and lists of the tests. */

const fs = require('node:fs');
const path = require('node:path');
const { EXPECTED, ON_NODE } = require('../../e2e/runtimes/expected');
const { RUNTIMES, RUNTIME_PROGRAMS } = require('../../support/programs/kept-packages');
const { TOP } = require('../../support/programs/programs');
const { locked, managersIn } = require('./managers');

/** @returns {string[]} the major versions of Node that every test runs on */
function everyTest() {
  const workflow = fs.readFileSync(path.join(TOP, '.github/workflows/test.yml'), 'utf8');
  const [, list] = /^ +node: \[(.*)\]$/m.exec(workflow) ?? [];
  return list.split(', ');
}

/** @param {string} name of a runtime @returns {string} with its version */
function described(name) {
  const [, location] = /^(.*?)\/bin\/node$/.exec(RUNTIME_PROGRAMS[name]) ?? [undefined, name];
  const title = { bun: 'Bun', deno: 'Deno' }[name] ?? 'Node';
  return `${title} ${locked(RUNTIMES, location)}`;
}

/** @param {string[][]} rows */
const tableOf = (rows) => rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');

/** @param {boolean} is */
const yes = (is) => (is ? 'yes' : 'no');

/** @param {import('../../e2e/runtimes/expected').Seen} seen @returns {string[]} cells of its row */
function cellsOf({ plain, secure }) {
  return [yes(plain.isNative), yes(plain.isOnOwnPort), yes(typeof secure === 'object')];
}

/** @returns {string} */
function runtimesTable() {
  const others = Object.entries(EXPECTED).map(([name, seen]) => [
    described(name),
    ...cellsOf(seen),
    '`test/e2e/runtimes.test.js`',
  ]);
  return tableOf([
    ['runtime', 'native engine', 'own port', 'option `tls`', 'what runs there'],
    ['---', '---', '---', '---', '---'],
    [`Node ${everyTest().join(', ')}`, ...cellsOf(ON_NODE), 'every test, in the workflow `test`'],
    ...others.sort(([a], [b]) => (a < b ? 1 : -1)),
  ]);
}

/** @returns {string} */
function managersTable() {
  const rows = managersIn('', '').map(({ name, version }) => [name, version]);
  return tableOf([['package manager', 'version'], ['---', '---'], ...rows]);
}

module.exports = { everyTest, managersTable, runtimesTable };
