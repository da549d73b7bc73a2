'use strict';

/**
 * `npm run pack`: the package as it is published, beast.io-<version>.tgz at the top of the repository or in
 * the folder given. It carries binaries and no trace of how they were built: no binding.gyp, no sources, no
 * scripts. So npm compiles nothing. This platform's binary is made here. Those of others are taken along as
 * they lie in prebuilds/. With `--prebuilt` all binaries are taken as they lie there: `npm run prebuilds` makes them.
 * The same commit gives the same bytes. Beside the package lies its bill of materials, beast.io-<version>.cdx.json.
 * Node core modules only.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { platformFolder } = require('../lib/engine/wire/platform');
const { checkContents, draftOf, writeContents } = require('./packing/contents');
const { billOfMaterials } = require('./packing/sbom');
const { reportFailure, setUp } = require('./setup');
const { npm } = require('./setup/npm-packages');
const { TOP, run } = require('./support/processes');
const { SetUpError } = require('./support/set-up-error');

/** What npm adds to `files` by itself. */
const ALWAYS_PACKED = ['LICENSE', 'README.md'];
/** Where what is packed lies here, if not under the same name. @type {Record<string, string>} */
const ELSEWHERE = { 'client-dist/': 'node_modules/socket.io-client/dist' };
const ADDON_FILES = ['beastio.node', 'beastio-tls.node'];
/** What only developers need of package.json. */
const DEVELOPERS_FIELDS = ['devDependencies', 'scripts'];

/** Puts the addon where the loader looks for it, with what is to be known of it. */
async function makePrebuilds() {
  const folder = path.join(TOP, 'prebuilds', platformFolder());
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ADDON_FILES) await makePrebuild(folder, name);
  await writeContents(folder, ADDON_FILES);
}

/**
 * Takes from a file of the addon the symbols that only debuggers read.
 * @param {string} folder
 * @param {string} name
 */
async function makePrebuild(folder, name) {
  const built = path.join(TOP, 'build/Release', name);
  const file = path.join(folder, name);
  const draft = draftOf(name);
  const { code, output } = await run('strip', ['--strip-unneeded', '-o', draft, built]);
  if (code !== 0) throw new SetUpError(`${output}\nstrip failed with code ${code}.`);
  fs.renameSync(draft, file); // at once: another `npm run pack` may be copying it
}

/**
 * @param {string} entry One of `files`.
 * @returns {string[]} Folders and files.
 */
function placesOf(entry) {
  if (!entry.endsWith('/*.md')) return [entry];
  const folder = path.dirname(entry);
  const names = fs.readdirSync(path.join(TOP, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => path.join(folder, name));
}

/**
 * Copies what is published.
 * @param {string} stage An empty folder.
 * @returns {string} The version.
 */
function fillStage(stage) {
  const manifest = JSON.parse(fs.readFileSync(path.join(TOP, 'package.json'), 'utf8'));
  for (const field of DEVELOPERS_FIELDS) delete manifest[field];
  fs.writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of [...manifest.files.flatMap(placesOf), ...ALWAYS_PACKED]) {
    const source = path.join(TOP, ELSEWHERE[name] ?? name);
    fs.cpSync(source, path.join(stage, name), { recursive: true });
  }
  makeAlike(stage);
  return manifest.version;
}

/**
 * Takes from what is packed the one trace of where it was that npm leaves in it: the rights that files were made with.
 * @param {string} stage
 */
function makeAlike(stage) {
  for (const entry of fs.readdirSync(stage, { recursive: true, withFileTypes: true })) {
    fs.chmodSync(
      path.join(entry.parentPath ?? entry.path, entry.name),
      entry.isFile() ? 0o644 : 0o755,
    );
  }
}

/**
 * Makes the package.
 * Errors: throws a SetUpError, whose message tells a person what to do.
 *
 * @param {string} destination A folder.
 * @param {{ isPrebuilt?: boolean }} [options] Whether this platform's binary is there already, too.
 * @returns {Promise<string>} The file.
 */
async function pack(destination, { isPrebuilt = false } = {}) {
  if (!isPrebuilt) {
    await setUp({ forTests: false });
    await makePrebuilds();
  }
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-pack-'));
  try {
    const version = fillStage(stage);
    checkContents(path.join(stage, 'prebuilds'));
    const args = ['pack', `--pack-destination=${destination}`];
    const { code, output } = await npm(args, { cwd: stage });
    if (code !== 0) throw new SetUpError(`${output}\nnpm pack failed with code ${code}.`);
    const file = path.join(destination, `beast.io-${version}`);
    fs.writeFileSync(`${file}.cdx.json`, await billOfMaterials(stage, `${file}.tgz`));
    return `${file}.tgz`;
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

/** @param {string} file */
function tell(file) {
  console.log(`Packed ${file} (${(fs.statSync(file).size / 1e6).toFixed(1)} MB)`);
}

if (require.main === module) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { prebuilt: { type: 'boolean' } },
  });
  const destination = path.resolve(positionals[0] ?? TOP);
  pack(destination, { isPrebuilt: values.prebuilt }).then(tell, reportFailure);
}

module.exports = { pack, tell };
