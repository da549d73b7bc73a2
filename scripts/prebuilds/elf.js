'use strict';

/** What a file of the addon asks of the system that loads it, and whether that is little enough. */

const fs = require('node:fs');
const path = require('node:path');
const { commonFaultsOf } = require('./common-faults');
const { OLDEST_GLIBC } = require('./targets');
const { TOP, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/** @typedef {import('./targets').Target} Target */

/**
 * @typedef {object} ElfFacts
 * @property {string} machine
 * @property {string[]} needed libraries
 * @property {string[]} versions of symbols that it asks for, such as GLIBC_2.17
 * @property {string} glibc the newest glibc among them, 0.0 for none
 *
 * @typedef {import('./common-faults').CommonFacts & ElfFacts} Facts
 */

/**
 * Parts of the C library. zig names more of them than are used; those have the same symbols in glibc 2.34.
 * @type {Record<string, RegExp>}
 */
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
  const { needed, versions, glibc } = facts;
  const strange = needed.filter((library) => !LIBRARIES[libc].test(library));
  const wanted = versions.filter((version) => libc === 'musl' || !/^GLIBC_/.test(version));
  const faults = [
    [facts.machine !== machine, `is for ${facts.machine}`],
    [strange.length > 0, `needs ${strange}`],
    [libc === 'glibc' && isNewer(glibc, OLDEST_GLIBC), `asks for glibc ${glibc}`],
    [wanted.length > 0, `asks for ${wanted}`],
  ].flatMap(([isFault, text]) => (isFault ? [`${name} ${text}`] : []));
  return [...faults, ...commonFaultsOf(name, facts)];
}

/**
 * @param {string} file
 * @param {Target} target
 * @returns {Promise<import('./check').Judgement>}
 */
async function judge(file, target) {
  const facts = await factsOf(file);
  const oldest = target.libc === 'glibc' ? `glibc ${facts.glibc}` : target.libc;
  return { bytes: facts.bytes, oldest, faults: faultsOf(path.basename(file), facts, target) };
}

module.exports = { factsOf, faultsOf, judge };
