'use strict';

/** What a file of the addon asks of the macOS that loads it, and whether that is little enough. */

const fs = require('node:fs');
const path = require('node:path');
const { commonFaultsOf } = require('../common-faults');
const { OLDEST_MACOS } = require('../targets');
const { TOP, run } = require('../../support/processes');
const { SetUpError } = require('../../support/set-up-error');

/**
 * @typedef {object} MachoFacts
 * @property {string} machine
 * @property {string[]} needed libraries
 * @property {string} oldest macOS
 * @property {boolean} isSigned whether it has a signature, without which arm64 runs nothing
 *
 * @typedef {import('../common-faults').CommonFacts & MachoFacts} Facts
 */

/** It stands for the C library, the threads and the unwinder. */
const SYSTEM = '/usr/lib/libSystem.B.dylib';

/** @param {string} command @param {string[]} args */
async function output(command, args) {
  const result = await run(command, args, { env: { LC_ALL: 'C' } });
  if (result.code !== 0) throw new SetUpError(result.output);
  return result.output;
}

/**
 * Errors: throws a SetUpError for what is no Mach-O file.
 *
 * @param {{ about: string, commands: string, symbols: string }} texts what llvm's programs tell
 */
function factsFrom({ about, commands, symbols }) {
  if (!/^Format: Mach-O/m.test(about)) throw new SetUpError('It is not a Mach-O file.');
  /** @param {RegExp} pattern */
  const symbolsOf = (pattern) => [...symbols.matchAll(pattern)].map(([, name]) => name);
  const imports = symbolsOf(/^_(\S+) [Uvw] /gm);
  return {
    machine: /^Arch: (.*)$/m.exec(about)?.[1] ?? '',
    needed: /NeededLibraries \[([^\]]*)\]/.exec(about)?.[1].trim().split(/\s+/) ?? [],
    oldest: /^ *minos (.*)$/m.exec(commands)?.[1] ?? '',
    exports: symbolsOf(/^_(\S+) [A-TV-Z] /gm),
    imports,
    isStripped: !/^\S+ [a-tx-z] /m.test(symbols),
    isSigned: /cmd LC_CODE_SIGNATURE/.test(commands),
    isKept: imports.includes('dladdr') && imports.includes('dlopen'),
  };
}

/**
 * Errors: as factsFrom.
 *
 * @param {string} file
 * @returns {Promise<Facts>}
 */
async function factsOf(file) {
  const [about, commands, symbols] = await Promise.all([
    output('llvm-readobj', ['--file-headers', '--needed-libs', file]),
    output('llvm-objdump', ['--macho', '--private-headers', file]),
    output('llvm-nm', ['--format=posix', file]),
  ]);
  const hasPlace = fs.readFileSync(file).includes(TOP);
  return { ...factsFrom({ about, commands, symbols }), bytes: fs.statSync(file).size, hasPlace };
}

/**
 * @param {string} name of the file
 * @param {Facts} facts
 * @param {import('../targets').Target} target
 * @returns {string[]} what is wrong with it
 */
function faultsOf(name, facts, { arch, machine }) {
  const strange = facts.needed.filter((library) => library !== SYSTEM);
  const faults = [
    [facts.machine !== machine, `is for ${facts.machine}`],
    [strange.length > 0, `needs ${strange}`],
    [facts.oldest !== OLDEST_MACOS, `asks for macOS ${facts.oldest}`],
    [arch === 'arm64' && !facts.isSigned, 'has no signature'],
  ].flatMap(([isFault, text]) => (isFault ? [`${name} ${text}`] : []));
  return [...faults, ...commonFaultsOf(name, facts)];
}

/**
 * @param {string} file
 * @param {import('../targets').Target} target
 * @returns {Promise<import('../check').Judgement>}
 */
async function judge(file, target) {
  const facts = await factsOf(file);
  const faults = faultsOf(path.basename(file), facts, target);
  return { bytes: facts.bytes, oldest: `macOS ${facts.oldest}`, faults };
}

module.exports = { factsFrom, faultsOf, judge };
