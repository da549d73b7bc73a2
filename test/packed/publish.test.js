'use strict';

/** What npm would publish, and how large that is: each npm, in front of a registry that has nothing yet. */

const { execFile } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { createServer } = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const manifest = require('../../package.json');
const { pack } = require('../../scripts/pack');
const { INSTALL_TIMEOUT_MS } = require('../support/programs/kept-packages');
const { TOP } = require('../support/programs/programs');
const { environment, installManagers, managersIn } = require('./support/managers');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-publish-'));
const empty = createServer((req, res) => res.writeHead(404).end('{}'));
/** @type {string} */
let modules;
/** @type {string} */
let tarball;
/** @type {string} */
let url;

beforeAll(async () => {
  modules = await installManagers();
  tarball = await pack(folder);
  await once(empty.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${/** @type {any} */ (empty.address()).port}/`;
}, INSTALL_TIMEOUT_MS);
afterAll(() => {
  empty.close();
  fs.rmSync(folder, { recursive: true });
});

/** @param {string} name of a manager */
async function dryRun(name) {
  const manager = managersIn(modules, url).find((candidate) => candidate.name === name);
  const { program, install } = /** @type {import('./support/managers').Manager} */ (manager);
  const args = [install[0], 'publish', '--dry-run', '--provenance', '--access=public', '--json'];
  const env = environment(folder, url);
  const run = await promisify(execFile)(program, [...args, tarball], { cwd: folder, env });
  const told = JSON.parse(run.stdout);
  return { told: told[manifest.name] ?? told, errors: run.stderr };
}

test.each(['npm 10', 'npm 11', 'npm 12'])('%s would publish it as it is', async (name) => {
  const { told, errors } = await dryRun(name);
  expect(told.id).toBe(`${manifest.name}@${manifest.version}`);
  expect(told.size).toBe(fs.statSync(tarball).size);
  expect(told.bundled).toEqual([]);
  const names = told.files.map((/** @type {any} */ file) => file.path);
  expect(names).toEqual(expect.arrayContaining(['package.json', 'README.md', 'lib/index.js']));
  // That nobody is logged in is all that it complains of: it has corrected nothing.
  const warnings = errors.match(/^npm warn .*/gm) ?? [];
  expect(warnings.filter((line) => !line.includes('requires you to be logged in'))).toEqual([]);
});

test('docs/packaging.md tells how large it is', async () => {
  const { told } = await dryRun('npm 11');
  const page = fs.readFileSync(path.join(TOP, 'docs/packaging.md'), 'utf8');
  const row = (/** @type {string} */ platforms) => {
    const cells = new RegExp(
      `^\\| ${platforms}\\b.*\\| ([\\d.]+) MB \\| ([\\d.]+) MB \\|`,
      'm',
    ).exec(page);
    return /** @type {string[]} */ (cells).slice(1).map(Number);
  };
  const [one, six] = [row('one'), row('six')];
  // Binaries of other platforms are taken along as they lie in prebuilds/. On a machine of CI there are none.
  const platforms = told.files.filter((/** @type {any} */ file) =>
    /\/beastio\.node$/.test(file.path),
  );
  const others = platforms.length - 1;
  const [packed, unpacked] = one.map((size, index) => size + ((six[index] - size) / 5) * others);
  expect(told.size / 1e6 / packed).toBeCloseTo(1, 1);
  expect(told.unpackedSize / 1e6 / unpacked).toBeCloseTo(1, 1);
});
