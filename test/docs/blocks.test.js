'use strict';

/**
 * Every block of code of every page is checked by what its language is for. What other tests run is named here with
 * them. A block without a language, or in one that nothing checks, fails.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const webpack = require('webpack');
const manifest = require('../../package.json');
const { LIB_ROOMS } = require('../../scripts/checks/rooms');
const { TOP } = require('../support/programs/programs');
const { EXAMPLE_PAGES } = require('./support/blocks');
const { checkCommand, commandsOf } = require('./support/commands');
const { codeBlocksOf, markdownFiles } = require('./support/markdown');

/** @typedef {import('./support/markdown').CodeBlock} CodeBlock */

const read = (/** @type {string} */ file) => fs.readFileSync(path.join(TOP, file), 'utf8');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-blocks-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The tests that run blocks, by language and page. @type {Record<string, Record<string, string>>} */
const RUN_BY = {
  js: {
    ...Object.fromEntries(EXAMPLE_PAGES.map((page) => [page, 'test/docs/examples.test.js'])),
    'docs/backpressure.md': 'test/lib/api/ours/backpressure/docs.test.js',
    'docs/guide/getting-started.md': 'test/docs/getting-started.test.js',
    'docs/bundlers.md': 'test/docs/blocks.test.js',
  },
  cpp: {
    'docs/cpp.md': 'test/scripts/repository/cpp-docs.test.js',
    'docs/mixed.md': 'test/mixed/docs.test.js',
    'README.md': 'test/e2e/cpp-examples.test.js',
  },
  html: { 'docs/guide/getting-started.md': 'test/docs/getting-started.test.js' },
  mermaid: { 'docs/architecture.md': 'test/docs/site.test.js' },
  python: { 'docs/mixed.md': 'test/mixed/docs.test.js' },
};

/** What other tests run. @param {CodeBlock} block */
function isRunElsewhere({ language, file }) {
  const test = RUN_BY[language][file];
  expect([file, language, test]).toEqual([file, language, expect.any(String)]);
  // Those of examples.test.js find their pages in its support.
  const text = EXAMPLE_PAGES.includes(file) ? file : read(test);
  expect(text).toContain(path.basename(file, '.md'));
}

/** @param {CodeBlock} block */
function checkShell({ code, file }) {
  execFileSync('sh', ['-n', '-c', code], { stdio: 'pipe' });
  const commands = commandsOf(code);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) checkCommand(command, read(file));
}

/** @param {CodeBlock} block */
function checkCmake({ code }) {
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(modules, { recursive: true });
  if (!fs.existsSync(path.join(modules, 'beast.io'))) {
    fs.symlinkSync(TOP, path.join(modules, 'beast.io'));
  }
  const block = path.join(folder, 'block.cmake');
  fs.writeFileSync(block, code);
  const stubs = path.join(__dirname, 'support/cmake-stubs.cmake');
  const args = [`-Dblock=${block}`, `-Dsource=${folder}`, '-P', stubs];
  const said = String(execFileSync('cmake', args, { cwd: folder, stdio: 'pipe' }));
  const calls = [...said.matchAll(/^-- (\w+)\((.*)\)$/gm)];
  expect(calls.length).toBeGreaterThan(0);
  const [major, minor] = manifest.version.split('.');
  for (const [, name, list] of calls) {
    const [first, ...rest] = list.split(';');
    const libraries = rest.filter((word) => word.includes('::'));
    const [include] = name === 'target_include_directories' ? rest.slice(-1) : [];
    if (name === 'find_package') {
      expect(first).toBe('beastio');
      expect([undefined, 'REQUIRED', `${major}.${minor}`]).toContain(rest[0]);
    }
    for (const library of libraries) expect(['beastio::core', 'beastio::tls']).toContain(library);
    if (include) expect(fs.existsSync(path.join(include, 'beastio/native.hpp'))).toBe(true);
  }
}

/** @param {CodeBlock} block */
function checkYaml({ code, file }) {
  const prettier = path.join(TOP, 'node_modules/.bin/prettier');
  execFileSync(prettier, ['--parser=yaml'], { input: code, stdio: 'pipe' }); // throws at what is no YAML
  // The pod has the time that the page gives to its steps.
  const seconds = (/** @type {RegExp} */ pattern) =>
    Number(pattern.exec(read(file))?.[1].replace('_', ''));
  const sleep = seconds(/command: \['sleep', '(\d+)'\]/);
  const drain = seconds(/drain: ([\d_]+)/) / 1000;
  expect(seconds(/terminationGracePeriodSeconds: (\d+)/)).toBeGreaterThan(sleep + drain);
}

/** What is typed to gdb: the symbols of a break point are ours. @param {CodeBlock} block */
function checkGdb({ code }) {
  for (const line of code.trim().split('\n'))
    expect(line).toMatch(/^\(gdb\) (set|break|run|thread) ?/);
  for (const [, names] of code.matchAll(/break beastio::([\w:]+)/g)) {
    const [method, type, ...spaces] = names.split('::').reverse();
    const sources = execFileSync('git', ['grep', '-l', `${type}::${method}(`, '--', 'native'], {
      cwd: TOP,
    });
    expect(String(sources)).not.toBe('');
    expect(spaces).toEqual(['addon']);
  }
}

/** The map of the rooms: what it names is there, and no room is missing. @param {CodeBlock} block */
function checkMap({ code }) {
  const [lib, native] = code.split(/^native\//m).map((part) => part.replace(/^lib\//, ''));
  const items = (/** @type {string} */ part) =>
    part.split('\n').map((line) =>
      line
        .trim()
        .split(/ {2,}/)
        .filter((item) => /^[\w/]+$/.test(item)),
    );
  const rooms = items(lib).flat();
  const isMapped = ({ folder: room }) => room !== '.';
  expect(rooms.sort()).toEqual(
    LIB_ROOMS.filter(isMapped)
      .map((room) => room.folder)
      .sort(),
  );
  const isThere = (/** @type {string} */ place) => fs.existsSync(path.join(TOP, 'native', place));
  for (const [first, ...others] of items(native)) {
    // The others of a line are below one of the folders that the first is in.
    const around = first?.split('/').map((_, index, all) => all.slice(0, index).join('/')) ?? [];
    const missing = others.filter(
      (item) => ![...around, ''].some((each) => isThere(`${each}/${item}`)),
    );
    expect([first === undefined || isThere(first), missing]).toEqual([true, []]);
  }
}

/** @type {Record<string, (block: CodeBlock) => unknown>} */
const CHECKS = {
  js: isRunElsewhere,
  cpp: isRunElsewhere,
  html: isRunElsewhere,
  mermaid: isRunElsewhere,
  python: isRunElsewhere,
  sh: checkShell,
  cmake: checkCmake,
  yaml: checkYaml,
  gdb: checkGdb,
  text: checkMap,
};

/** What is wrong with a block before it is looked into. @param {CodeBlock} block */
function complaintOf({ language }) {
  if (language === '') return 'it has no language: write ``` with one, also in place of an indent';
  if (Object.hasOwn(CHECKS, language)) return undefined;
  return `no check for ${language}: add one to CHECKS in test/docs/blocks.test.js`;
}

const BLOCKS = markdownFiles().flatMap(codeBlocksOf);

test('there are blocks of every language that has a check', () => {
  expect(BLOCKS.length).toBeGreaterThan(250);
  const languages = new Set(BLOCKS.map(({ language }) => language));
  expect(Object.keys(CHECKS).filter((language) => !languages.has(language))).toEqual([]);
});

test.each(BLOCKS)('$file:$line, $language', async (block) => {
  expect(complaintOf(block)).toBeUndefined();
  await CHECKS[block.language](block);
});

test('a block in another language, or in none, is noticed', () => {
  const block = { file: '', line: 1, language: 'toml', name: '', code: '' };
  expect(complaintOf(block)).toContain('no check for toml');
  expect(complaintOf({ ...block, language: '' })).toContain('no language');
});

test.each([
  'npm run nothing',
  'npm run soak -- --hours 3',
  'npm run bench -- --only echo99',
  'npm test -- test/lib/nothing',
  'npm test -- --preset nothing',
  'npm start nothing',
  'npm install ./beast.io-1.0.0.tgz',
  'npm install no-such-package-of-ours',
  'npx nothing',
  'npx esbuild app.js --bundle --no-such-flag',
  'node no/such/file.js',
  'cmake --preset nothing',
  'cmake -B build -DBEASTIO_NOTHING=ON',
  `BEASTIO_NOBODY_${'READS'}_THIS=1 npm test`,
  'cp -r node_modules/socket.io/nothing dist/',
  'make',
])('a wrong command is noticed: %s', (line) => {
  const [command] = commandsOf(line);
  expect(() => checkCommand(command, '')).toThrow(`${command.join(' ')}: `);
});

test.each(BLOCKS.filter(({ file, language }) => file === 'docs/bundlers.md' && language === 'js'))(
  '$file:$line is a configuration',
  ({ code }) => {
    const module = { exports: /** @type {any} */ ({}) };
    new Function('module', code)(module);
    if (code.includes('next.config.js')) {
      expect(module.exports).toEqual({ serverExternalPackages: ['socket.io'] });
    } else {
      webpack.validate(module.exports);
      expect(Object.keys(module.exports.externals)).toEqual(['socket.io']);
    }
  },
);
