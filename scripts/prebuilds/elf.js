'use strict';

/** What a file of the addon asks of the system that loads it, and whether that is little enough. */

const fs = require('node:fs');
const path = require('node:path');
const { OLDEST_GLIBC } = require('./targets');
const { TOP, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/** @typedef {import('./targets').Target} Target */

/**
 * @typedef {object} Facts
 * @property {number} bytes
 * @property {string} machine
 * @property {string[]} needed libraries
 * @property {string[]} versions of symbols that it asks for, such as GLIBC_2.17
 * @property {string} glibc the newest glibc among them, 0.0 for none
 * @property {string[]} exports
 * @property {string[]} imports
 * @property {boolean} isStripped
 * @property {boolean} isKept whether it stays in memory when its last worker ends
 * @property {boolean} hasPlace whether it tells where it was built: another build of the same sources would differ
 */

const MOST_BYTES = 2e6;
const ENTRIES = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
/** Parts of the C library. zig names more of them than are used; those have the same symbols in glibc 2.34. */
const LIBRARIES = {
  glibc: /^(lib(c|m|dl|pthread|rt|util)\.so\.\d|ld-linux-[\w-]+\.so\.\d)$/,
  musl: /^libc\.so$/,
};

/** @param {string} one @param {string} other such as 2.4 and 2.28 */
function isNewer(one, other) {
  const [[a, b], [c, d]] = [one, other].map((version) => version.split('.').map(Number));
  return a > c || (a === c && b > d);
}

/**
 * Errors: throws a SetUpError for what is no ELF file.
 *
 * @param {string} file
 * @returns {Promise<Facts>}
 */
async function factsOf(file) {
  const what = ['file-header', 'dynamic', 'section-headers', 'version-info', 'dyn-syms'];
  const args = ['--wide', ...what.map((each) => `--${each}`), file];
  const { code, output } = await run('readelf', args, { env: { LC_ALL: 'C' } });
  if (code !== 0) throw new SetUpError(output);
  /** @param {RegExp} pattern */
  const all = (pattern) => [...output.matchAll(pattern)].map(([, found]) => found);
  const versions = [...new Set(all(/Name: ((?:GLIBC|GLIBCXX|CXXABI|GCC)_[\d.]+)/g))];
  const glibcs = versions.flatMap((version) => /^GLIBC_(.*)/.exec(version)?.[1] ?? []);
  /** @param {string} rows */
  const symbols = (rows) =>
    all(new RegExp(`^ *\\d+: .* (?:GLOBAL|WEAK) +DEFAULT +${rows} ([^@\\s]+)`, 'gm'));
  return {
    bytes: fs.statSync(file).size,
    machine: all(/^ *Machine: +(.*)$/gm)[0],
    needed: all(/\(NEEDED\).*\[(.*)\]/g),
    versions,
    glibc: glibcs.reduce((newest, each) => (isNewer(each, newest) ? each : newest), '0.0'),
    exports: symbols('\\d+'),
    imports: symbols('UND'),
    isStripped: !/ \.(symtab|debug_\w+) /.test(output),
    isKept: /\(FLAGS_1\).*\bNODELETE\b/.test(output),
    hasPlace: fs.readFileSync(file).includes(TOP),
  };
}

/**
 * @param {string} name of the file
 * @param {Facts} facts
 * @param {Target} target
 * @returns {string[]} what is wrong with it
 */
function faultsOf(name, facts, { libc, machine }) {
  const { bytes, needed, versions, glibc, exports: shown, imports } = facts;
  const strange = needed.filter((library) => !LIBRARIES[libc].test(library));
  const others = shown.filter((symbol) => !ENTRIES.includes(symbol));
  const wanted = versions.filter((version) => libc === 'musl' || !/^GLIBC_/.test(version));
  const hasOpenssl = imports.some((symbol) => /^(SSL|BIO|EVP|X509)_/.test(symbol));
  return [
    [facts.machine !== machine, `is for ${facts.machine}`],
    [bytes > MOST_BYTES, `has ${bytes} bytes`],
    [strange.length > 0, `needs ${strange}`],
    [libc === 'glibc' && isNewer(glibc, OLDEST_GLIBC), `asks for glibc ${glibc}`],
    [wanted.length > 0, `asks for ${wanted}`],
    [!shown.includes(ENTRIES[0]), 'has no entry'],
    [others.length > 0, `shows ${others}`],
    // Where the executable offers none, as in Bun and Deno, the first file must do without.
    [
      hasOpenssl !== (name === 'beastio-tls.node'),
      `has ${hasOpenssl ? 'a' : 'no'} use for OpenSSL`,
    ],
    [!facts.isStripped, 'has symbols for debuggers'],
    [!facts.isKept, 'is unloaded with the last worker'],
    [facts.hasPlace, 'tells where it was built'],
  ].flatMap(([isFault, text]) => (isFault ? [`${name} ${text}`] : []));
}

/**
 * Errors: throws a SetUpError that lists what is wrong.
 *
 * @param {string[]} files
 * @param {Target} target
 * @returns {Promise<string>} a line for people
 */
async function check(files, target) {
  const all = await Promise.all(files.map(factsOf));
  const faults = all.flatMap((facts, index) =>
    faultsOf(path.basename(files[index]), facts, target),
  );
  if (faults.length > 0) throw new SetUpError(`${target.name}: ${faults.join('; ')}.`);
  const sizes = all.map(({ bytes }) => `${Math.round(bytes / 1000)} kB`).join(' and ');
  const glibcs = all.map(({ glibc }) => glibc).join(' and ');
  return `${target.name}: ${sizes}${target.libc === 'glibc' ? `, for glibc ${glibcs}` : ''}`;
}

module.exports = { check, factsOf, faultsOf };
