'use strict';

/** The pages of the API have all public members, each with an example. */

const path = require('node:path');
const ts = require('typescript');
const { blocksOf } = require('./support/blocks');
const { TOP } = require('../support/programs/programs');

const TYPES = ts.createProgram(
  ['index', 'broadcast-operator'].map((name) => path.join(TOP, `types/${name}.d.ts`)),
  { noLib: true, types: [], noResolve: true },
);

/** @type {readonly [name: string, called: string, page: string][]} */
const CLASSES = [
  ['Server', 'io', 'server'],
  ['Namespace', 'namespace', 'namespace'],
  ['Socket', 'socket', 'socket'],
  ['BroadcastOperator', 'io', 'broadcasts'],
];

/** The public members of a class, as the types declare them. @param {string} name */
function membersOf(name) {
  const declarations = TYPES.getSourceFiles().flatMap((file) =>
    file.statements.filter((each) => ts.isClassDeclaration(each) && each.name?.text === name),
  );
  const members = declarations.flatMap((each) => /** @type {any} */ (each).members);
  const isPrivate = (/** @type {any} */ { modifiers = [] }) =>
    modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  const names = members
    .filter((each) => each.name && !isPrivate(each))
    .map((each) => each.name.text);
  return [...new Set(names)].filter((each) => !each.startsWith('_'));
}

/** The members that have an example on a page. @param {string} page @param {string} called */
function shownOn(page, called) {
  return blocksOf(`docs/api/${page}.md`)
    .map(({ heading }) => heading)
    .filter((heading) => heading.startsWith(`${called}.`))
    .map((heading) => /^\w+\.(\w+)/.exec(heading)?.[1]);
}

const IN_COMMON = shownOn('broadcasts', 'io');

test.each(CLASSES)('%s: each member has an example', (name, called, page) => {
  const members = membersOf(name);
  expect(members.length).toBeGreaterThan(10);
  const shown = [...shownOn(page, called), ...(name === 'Socket' ? [] : IN_COMMON)];
  expect(members.filter((member) => !shown.includes(member))).toEqual([]);
});
