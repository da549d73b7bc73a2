/** What lib/engine/wire/native.d.ts declares is what the addon exports. */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { loadAddon, loadTlsAddon } = require('../../../../lib/engine/wire/addon');
const { TOP } = require('../../../support/programs/programs');

const DECLARED = fs.readFileSync(path.join(TOP, 'lib/engine/wire/native.d.ts'), 'utf8');

/** @param {string} name @returns {string[]} The members of an interface. */
function membersOf(name) {
  const [, body] = new RegExp(`export interface ${name} \\{\n(.*?)^\\}`, 'ms').exec(DECLARED) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, member]) => member).sort();
}

test('the addon', () => {
  expect(Object.keys(loadAddon()).sort()).toEqual(membersOf('Addon'));
});

test('its engine', () => {
  const { prototype } = loadAddon().Engine;
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  expect([...methods, 'turn'].sort()).toEqual(membersOf('NativeEngine'));
});

test('the addon with TLS', () => {
  expect(Object.keys(loadTlsAddon()).sort()).toEqual(membersOf('TlsAddon'));
});
