/**
 * Addons of the tests, with handlers in C++: built as users build them, by the headers of the package.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { include } = require('../../../lib/native');
const { findNodeHeaders } = require('../../../scripts/setup/addon');
const { compilerCacheEnv } = require('../../../scripts/setup/compiler-cache');
const { withLock } = require('../../../scripts/setup/lock');
const { TOP, run } = require('../../../scripts/support/processes');

const CACHE = path.join(TOP, 'build-addons');
const ALWAYS = ['-O1', '-g', '-fPIC', '-shared', '-Wall', '-Wextra', '-Werror'];

/** How long a build may take that finds nothing in the compiler's cache. */
const BUILD_MS = 5 * 60_000;

/** @returns {string} a digest of all headers */
function headersDigest() {
  const hash = crypto.createHash('sha256');
  const names = fs.readdirSync(include, { encoding: 'utf8', recursive: true }).sort();
  for (const name of names) {
    const file = path.join(include, name);
    if (fs.statSync(file).isFile()) hash.update(name).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * The text of a source, and those of the headers beside it.
 * @param {string} file
 */
function textsWith(file) {
  const folder = path.dirname(file);
  const headers = fs.readdirSync(folder).filter((name) => name.endsWith('.hpp'));
  return [file, ...headers.sort().map((name) => path.join(folder, name))].map((each) =>
    fs.readFileSync(each, 'utf8'),
  );
}

/**
 * Builds an addon, unless nothing has changed.
 * @param {string} source below the top of the repository
 * @param {{ compiler?: string, standard?: string, flags?: string[] }} [how]
 * @returns {Promise<string>} the file to be loaded
 */
async function builtAddon(source, { compiler = 'g++', standard = 'c++20', flags = [] } = {}) {
  const file = path.join(TOP, source);
  const args = [
    `-std=${standard}`,
    ...ALWAYS,
    ...flags,
    `-I${include}`,
    `-isystem${path.join(findNodeHeaders(), 'include/node')}`,
    `-isystem${path.join(TOP, 'node_modules/node-addon-api')}`,
    '-DNAPI_VERSION=8',
    '-DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
  ];
  const digest = crypto
    .createHash('sha256')
    .update([compiler, ...args, headersDigest(), ...textsWith(file)].join('\0'))
    .digest('hex')
    .slice(0, 16);
  const built = path.join(CACHE, `${path.parse(source).name}-${digest}.node`);
  fs.mkdirSync(CACHE, { recursive: true });
  return withLock(`${built}.lock`, async () => {
    if (fs.existsSync(built)) return built;
    const draft = `${built}.draft`;
    const { code, output } = await run('ccache', [compiler, ...args, file, '-o', draft], {
      env: compilerCacheEnv(),
    });
    if (code !== 0) throw new Error(output);
    fs.renameSync(draft, built);
    return built;
  });
}

module.exports = { BUILD_MS, builtAddon };
