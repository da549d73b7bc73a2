'use strict';

/**
 * What a library of ours shows to the programs that it is linked with. A static one may have no strong symbol
 * outside of beastio, and none of Boost under Boost's own name. A shared one may show nothing but beastio's.
 */

const { run } = require('../support/processes');

/** Kinds of nm: definitions that no other file may repeat. */
const STRONG = /^[TDBRSG]$/;
const WEAK = /^[WVu]$/;

/** A name of beastio, and what compilers make of its classes. */
const OURS =
  /^((vtable|typeinfo|typeinfo name|VTT|guard variable) for |(non-)?virtual thunk to )?beastio::/;

/** Boost as others know it: a word of its own, also within another name. */
const BOOST = /(?<![\w:])(::)?boost::/;

/**
 * @typedef {object} Symbol
 * @property {string} kind A letter of nm.
 * @property {string} name Demangled.
 */

/**
 * @param {string} output Of `nm --demangle --defined-only`.
 * @returns {Symbol[]}
 */
function readSymbols(output) {
  return [...output.matchAll(/^[\da-f]+ (\w) (.*)$/gm)].map(([, kind, name]) => ({ kind, name }));
}

/**
 * @param {string} output Of nm, for a static library.
 * @returns {string[]} Names that may clash with those of a program.
 */
function clashingSymbols(output) {
  return readSymbols(output)
    .filter(({ kind, name }) => {
      if (STRONG.test(kind)) return !OURS.test(name);
      return WEAK.test(kind) && BOOST.test(name);
    })
    .map(({ name }) => name);
}

/**
 * @param {string} output Of `nm --dynamic`, for a shared library.
 * @returns {string[]} Names that are not for users.
 */
function strayExports(output) {
  return readSymbols(output)
    .filter(({ name }) => !OURS.test(name))
    .map(({ name }) => name);
}

/**
 * Errors: throws with the names that are too many, or with the output of nm.
 *
 * @param {string} library
 */
async function checkSymbols(library) {
  const isShared = /\.so(\.|$)/.test(library);
  const options = ['--demangle', '--defined-only', ...(isShared ? ['--dynamic'] : [])];
  const { code, output } = await run('nm', [...options, library]);
  if (code !== 0 || readSymbols(output).length === 0) throw new Error(`${library}: ${output}`);
  const wrong = isShared ? strayExports(output) : clashingSymbols(output);
  if (wrong.length > 0) {
    throw new Error(`${library} has symbols that are not its own:\n${wrong.join('\n')}`);
  }
}

module.exports = { checkSymbols, clashingSymbols, strayExports };
