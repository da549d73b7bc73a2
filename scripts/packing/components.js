'use strict';

/**
 * What the binaries are made of besides our sources, as components of a CycloneDX document. The compiler tells
 * the versions of what it finds, and dpkg the packages of Debian that it belongs to. Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');
const { findNodeHeaders } = require('../setup/addon');
const { TOP, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/**
 * @typedef {object} Made
 * @property {string} name
 * @property {string} version
 * @property {string} license An expression of SPDX.
 * @property {string} use How it got into the binary.
 * @property {string} [file] Of the Debian package that it came with.
 * @property {string} [type] Of its purl.
 */

/**
 * @param {string[]} args
 * @returns {Promise<string>} What dpkg's record says; nothing where it fails or there is none.
 */
async function recorded(args) {
  const { code, output } = await run('dpkg-query', args);
  return code === 0 ? output.trim() : '';
}

/**
 * Runs the compiler that built the addon.
 * @param {string[]} args
 */
function compiler(args) {
  const { CXX = 'g++' } = process.env;
  const [command, ...first] = CXX.split(' ');
  return run(command, [...first, ...args]);
}

/**
 * Asks the preprocessor. Node has a <zlib.h> as well: its folder is for those headers only that are Node's.
 * Errors: throws a SetUpError with the compiler's words.
 *
 * @param {string} header
 * @param {string} macro That is the version, as a text.
 * @param {string[]} [flags]
 * @returns {Promise<{ version: string, file: string }>}
 */
async function lookInto(header, macro, flags = []) {
  const args = ['-E', '-dD', ...flags, '-include', header, '-x', 'c++', '/dev/null'];
  const { code, output } = await compiler(args);
  const version = new RegExp(`^#define ${macro} "(.*?)"`, 'm').exec(output)?.[1];
  const file = new RegExp(`^# 1 "(.*/${header})"`, 'm').exec(output)?.[1];
  if (version === undefined || file === undefined) {
    throw new SetUpError(`${output.slice(0, 1000)}\n<${header}> has no ${macro} (code ${code}).`);
  }
  return { version, file };
}

/**
 * @param {Made} made
 * @returns {Promise<string>} The purl of its Debian package; a general one where there is none.
 */
async function purlOf({ name, version, file, type = 'generic' }) {
  const owners = file === undefined ? '' : await recorded(['--search', fs.realpathSync(file)]);
  if (owners === '') return `pkg:${type}/${name}@${version}`;
  const [debianName] = owners.split(/[:,]/);
  const status = await recorded(['--status', debianName]);
  const field = (/** @type {string} */ key) => new RegExp(`^${key}: (.*)$`, 'm').exec(status)?.[1];
  const exact = encodeURIComponent(field('Version') ?? version);
  return `pkg:deb/debian/${debianName}@${exact}?arch=${field('Architecture')}`;
}

/**
 * Order: after the addon was built, by the same tools.
 * Errors: throws a SetUpError where something does not tell its version.
 *
 * @param {string} platform Of the binaries.
 * @returns {Promise<object[]>}
 */
async function nativeComponents(platform) {
  const ofNode = ['-isystem', path.join(findNodeHeaders(), 'include/node')];
  const [boost, zlib, openssl] = await Promise.all([
    lookInto('boost/version.hpp', 'BOOST_LIB_VERSION'),
    lookInto('zlib.h', 'ZLIB_VERSION'),
    lookInto('openssl/opensslv.h', 'OPENSSL_VERSION_STR', ofNode),
  ]);
  const answer = async (/** @type {string} */ flag) => (await compiler([flag])).output.trim();
  const addonApi = path.join(TOP, 'node_modules/node-addon-api/package.json');
  /** @type {Made[]} */
  const all = [
    {
      name: 'boost',
      version: boost.version.replaceAll('_', '.'),
      license: 'BSL-1.0',
      use: 'compiled in',
      file: boost.file,
    },
    {
      name: 'libstdc++',
      version: await answer('-dumpfullversion'),
      license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
      use: 'linked in',
      file: await answer('-print-file-name=libstdc++.a'),
    },
    {
      name: 'node',
      version: process.versions.node,
      license: 'MIT',
      use: 'headers of Node-API',
    },
    {
      name: 'node-addon-api',
      version: JSON.parse(fs.readFileSync(addonApi, 'utf8')).version,
      license: 'MIT',
      use: 'compiled in',
      type: 'npm',
    },
    {
      name: 'openssl',
      version: openssl.version,
      license: 'Apache-2.0',
      use: 'headers, for beastio-tls.node; the functions are those of the executable',
    },
    {
      name: 'zlib',
      version: zlib.version,
      license: 'Zlib',
      use: 'linked in',
      file: await answer('-print-file-name=libz.a'),
    },
  ];
  return Promise.all(
    all.map(async (made) => ({
      'bom-ref': `${platform}/${made.name}`,
      type: 'library',
      name: made.name,
      version: made.version,
      description: made.use,
      licenses: made.license.includes(' ')
        ? [{ expression: made.license }]
        : [{ license: { id: made.license } }],
      purl: await purlOf(made),
    })),
  );
}

module.exports = { nativeComponents };
