'use strict';

/** What `npm test -- …` runs: its command line, and what the runners are told of it. */

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { caseNames, fileOfCase } = require('../../../scripts/checks/tests/catch-cases');
const { testSpec } = require('../../../scripts/checks/tests/cpp');
const { jestArguments } = require('../../../scripts/checks/tests/javascript');
const { readSelection } = require('../../../scripts/checks/tests/selection');
const { TOP } = require('../../support/programs/programs');

const HERE = 'test/scripts/checks/selection.test.js';
const CPP = 'test/native/protocol/text/utf8-test.cpp';

/** @param {...string} argv */
const select = (...argv) => readSelection(argv, TOP);

test('nothing chooses everything, and --only a group', () => {
  expect(select()).toMatchObject({
    groups: ['lint', 'soak', 'js', 'cpp', 'package', 'speed'],
    isPart: false,
  });
  expect(select('--only', 'js')).toMatchObject({ groups: ['js'], isPart: false });
  expect(select('--only', 'cpp', '--preset', 'tsan')).toMatchObject({ preset: 'tsan' });
});

test('files choose themselves and their groups', () => {
  expect(select(HERE)).toMatchObject({ groups: ['js'], javascript: [HERE], cpp: [] });
  expect(select(CPP)).toMatchObject({ groups: ['cpp'], javascript: [], cpp: [CPP] });
  expect(select(HERE, CPP, HERE)).toMatchObject({ groups: ['js', 'cpp'], javascript: [HERE] });
});

test('folders choose what is below them; paths are relative to where one is', () => {
  expect(select('test/scripts').javascript).toContain(HERE);
  expect(select('test/native/protocol').cpp).toContain(CPP);
  expect(readSelection(['selection.test.js'], __dirname).javascript).toEqual([HERE]);
});

test('a case without a file is one of C++', () => {
  expect(select('--case', 'utf8')).toMatchObject({ groups: ['cpp'], isPart: true, cpp: [] });
  expect(select(HERE, '--case', 'files')).toMatchObject({ groups: ['js'], caseText: 'files' });
});

test.each([
  [['--only', 'all'], '--only takes one of lint, soak, js, cpp, package, speed.'],
  [['--only', 'js', HERE], '--only chooses no files'],
  [['test/nowhere.test.js'], 'test/nowhere.test.js is no test file'],
  [['scripts/test.js'], 'scripts/test.js is no test file'],
  [['docs'], 'docs is no test file (*.test.js, *-test.cpp) and no folder of them.'],
  [['--door', 'https'], "Unknown option '--door'"],
])('%j is refused', (argv, reason) => {
  expect(() => select(...argv)).toThrow(reason);
});

test('Jest is told files, projects and a text, and not a pattern', () => {
  expect(jestArguments({ files: [], projects: [] })).toEqual([]);
  const choice = { files: [HERE], projects: ['beast.io', 'socket.io'], caseText: 'a (b)' };
  expect(jestArguments(choice)).toEqual([
    ...['--selectProjects', 'beast.io', 'socket.io', '--testNamePattern=a \\(b\\)'],
    ...['--runTestsByPath', '--', HERE],
  ]);
});

test('a door is a project of jest.config.js, and has the files of the API only', () => {
  const jest = path.join(TOP, 'node_modules/.bin/jest');
  const choice = { files: ['test/lib/api/socket.test.js', HERE], projects: ['beast.io on https'] };
  const told = execFileSync(jest, ['--listTests', ...jestArguments(choice)], { cwd: TOP });
  const files = String(told).match(/\S+\.test\.js/g);
  expect(files).toEqual([path.join(TOP, 'test/lib/api/socket.test.js')]);
});

test('Catch2 is told files as tags, and a text as a name', () => {
  expect(testSpec({ files: [], caseText: 'a, b' })).toBe('"*a, b*"');
  expect(testSpec({ files: [CPP] })).toBe('[#utf8-test]');
  expect(testSpec({ files: [CPP, 'x/y-test.cpp'], caseText: 'a' })).toBe(
    '[#utf8-test]"*a*",[#y-test]"*a*"',
  );
});

test('the file of a case of C++ is found', () => {
  expect(caseNames('TEST_CASE("a \\"b\\"", "[tag]") {\nTEST_CASE(\n    "c "\n    "d")')).toEqual([
    'a "b"',
    'c d',
  ]);
  const [name] = caseNames(fs.readFileSync(path.join(TOP, CPP), 'utf8'));
  expect(fileOfCase(name)).toBe(CPP);
  expect(fileOfCase('find_package')).toBe('find_package');
});
