'use strict';

/** The files for contributors say what is so: they parse, and the commands, files and names in them exist. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const jestConfig = require('../../../jest.config');
const manifest = require('../../../package.json');
const presets = require('../../../CMakePresets.json');
const needs = require('../../../scripts/setup/needs');
const { listFiles } = require('../../../scripts/support/files');
const { TOP } = require('../../support/programs/programs');

/** @param {string} folder @param {RegExp} pattern */
const below = (folder, pattern) =>
  listFiles(path.join(TOP, folder), pattern).map((file) => path.relative(TOP, file));

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(TOP, file), 'utf8');

const YAML = below('.github', /\.yml$/);
const JSONS = [...below('.vscode', /\.json$/), '.devcontainer/devcontainer.json'];
const TOP_PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const PAGES = [...TOP_PAGES, ...below('docs', /\.md$/), '.github/pull_request_template.md'];

test('every workflow and template is YAML', () => {
  const prettier = path.join(TOP, 'node_modules/.bin/prettier');
  expect(YAML.length).toBeGreaterThan(4);
  // It ends with another code than 0 for a file that does not parse.
  execFileSync(prettier, ['--check', ...YAML], { cwd: TOP });
});

test.each(JSONS)('%s is JSON', (file) => {
  expect(JSON.parse(read(file))).toBeTruthy();
});

test.each([...YAML, ...JSONS, ...PAGES])('%s calls npm scripts that exist', (file) => {
  const calls = read(file).matchAll(/\bnpm (?:run ([\w-]+)|(test|start)\b)/g);
  const called = [...calls].map(([, run, short]) => run ?? short);
  expect(called.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test('workflows take presets of CMake', () => {
  const known = presets.testPresets.map(({ name }) => name);
  const [, list] = /preset: \[(.*)\]/.exec(read('.github/workflows/sanitizers.yml')) ?? [];
  expect(known).toEqual(expect.arrayContaining(list.split(', ')));
});

test('what is launched is built by a task that exists, and has its file', () => {
  const launch = JSON.parse(read('.vscode/launch.json'));
  const tasks = JSON.parse(read('.vscode/tasks.json')).tasks;
  const labels = tasks.map((/** @type {any} */ { label }) => label);
  for (const { preLaunchTask, program } of launch.configurations) {
    expect(labels).toContain(preLaunchTask);
    const file = program.replace(/^\$\{workspaceFolder\}\//, '');
    if (!/^(\$|build-dev\/)/.test(file)) expect(fs.existsSync(path.join(TOP, file))).toBe(true);
  }
  const doors = launch.inputs.find((/** @type {any} */ { id }) => id === 'project').options;
  const projects = /** @type {any[]} */ (jestConfig.projects).map(({ displayName }) => displayName);
  expect(doors.sort()).toEqual(projects.sort());
});

test('the devcontainer has what the set-up needs', () => {
  const { BENCH_NEEDS, BUILD_NEEDS, FUZZ_NEEDS, TEST_NEEDS } = needs;
  const words = read('.devcontainer/Dockerfile').split(/\s+/);
  const wanted = [...BUILD_NEEDS, ...TEST_NEEDS, ...BENCH_NEEDS, ...FUZZ_NEEDS]
    .map(({ debianPackage }) => debianPackage)
    .filter((name) => !name.startsWith('libboost')); // it depends on the Debian that one asks on
  expect(wanted.filter((name) => !words.includes(name))).toEqual([]);
  expect(words).toContain('libboost1.81-dev');
});

/** @param {string} heading @returns {string} the anchor that GitHub makes of it */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

test.each(PAGES)('the links of %s lead somewhere', (file) => {
  const links = [...read(file).matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)].map(([, link]) => link);
  const broken = links.filter((link) => {
    const [target, anchor] = link.split('#');
    const absolute =
      target === '' ? path.join(TOP, file) : path.join(TOP, path.dirname(file), target);
    if (!fs.existsSync(absolute)) return true;
    if (anchor === undefined) return false;
    const headings = fs.readFileSync(absolute, 'utf8').matchAll(/^#+ (.*)$/gm);
    return ![...headings].some(([, heading]) => anchorOf(heading) === anchor);
  });
  expect(broken).toEqual([]);
});

test.each(PAGES)('the paths that %s names are there', (file) => {
  const paths = read(file).matchAll(
    /`((?:bench|examples|lib|native|scripts|test|types)\/[\w./-]+)`/g,
  );
  const missing = [...paths].map(([, place]) => place).filter((place) => !isThere(place));
  expect(missing).toEqual([]);
});

/** @param {string} place that git knows, or that the bench makes */
function isThere(place) {
  return place.startsWith('bench/.cache') || fs.existsSync(path.join(TOP, place));
}
