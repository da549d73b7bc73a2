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

/** @typedef {(args: string[]) => Promise<{ code: number, output: string }>} Compiler */

/**
 * @typedef {object} Tools Those that built the addon.
 * @property {Compiler} compiler
 * @property {(compiler: Compiler) => Promise<Made[]>} libraries What they link into it.
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
 * Asks the preprocessor. Node has a <zlib.h> as well: its folder is for those headers only that are Node's.
 * Errors: throws a SetUpError with the compiler's words.
 *
 * @param {Compiler} compiler
 * @param {string} header
 * @param {string} macro That is the version, as a text or a number.
 * @param {string[]} [flags]
 * @returns {Promise<{ version: string, file: string }>}
 */
async function lookInto(compiler, header, macro, flags = []) {
  const args = ['-E', '-dD', ...flags, '-include', header, '-x', 'c++', '/dev/null'];
  const { code, output } = await compiler(args);
  const version = new RegExp(`^#define ${macro} "?([^"\\n]+)"?$`, 'm').exec(output)?.[1];
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

/** The compiler of this machine. @type {Tools} */
const OWN_TOOLS = {
  compiler(args) {
    const { CXX = 'g++' } = process.env;
    const [command, ...first] = CXX.split(' ');
    return run(command, [...first, ...args]);
  },
  async libraries(compiler) {
    const answer = async (/** @type {string} */ flag) => (await compiler([flag])).output.trim();
    return [
      {
        name: 'libstdc++',
        version: await answer('-dumpfullversion'),
        license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
        use: 'linked in',
        file: await answer('-print-file-name=libstdc++.a'),
      },
      {
        name: 'zlib',
        version: (await lookInto(compiler, 'zlib.h', 'ZLIB_VERSION')).version,
        license: 'Zlib',
        use: 'linked in',
        file: await answer('-print-file-name=libz.a'),
      },
    ];
  },
};

/**
 * @param {Tools} tools
 * @returns {Promise<Made[]>} What binding.gyp takes, and what the tools add.
 */
async function madeBy({ compiler, libraries }) {
  const ofNode = ['-isystem', path.join(findNodeHeaders(), 'include/node')];
  const [boost, openssl] = await Promise.all([
    lookInto(compiler, 'boost/version.hpp', 'BOOST_LIB_VERSION'),
    lookInto(compiler, 'openssl/opensslv.h', 'OPENSSL_VERSION_STR', ofNode),
  ]);
  const addonApi = path.join(TOP, 'node_modules/node-addon-api/package.json');
  return [
    {
      name: 'boost',
      version: boost.version.replaceAll('_', '.'),
      license: 'BSL-1.0',
      use: 'compiled in',
      file: boost.file,
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
    ...(await libraries(compiler)),
  ];
}

/**
 * Order: after the addon was built, by the same tools.
 * Errors: throws a SetUpError where something does not tell its version.
 *
 * @param {string} platform Of the binaries.
 * @param {Tools} [tools]
 * @returns {Promise<object[]>}
 */
async function nativeComponents(platform, tools = OWN_TOOLS) {
  const all = await madeBy(tools);
  all.sort((one, other) => (one.name < other.name ? -1 : 1));
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

module.exports = { lookInto, nativeComponents };
