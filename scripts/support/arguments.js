'use strict';

/** Command lines of the scripts. What is wrong with one is told by a SetUpError. Node core modules only. */

const { parseArgs } = require('node:util');
const { SetUpError } = require('./set-up-error');

/**
 * @param {string[]} args
 * @param {string[]} names Of options; each takes a text.
 * @param {boolean} [allowPositionals]
 * @returns {{ values: Record<string, string | undefined>, positionals: string[] }}
 */
function readCommandLine(args, names, allowPositionals = true) {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = Object.fromEntries(names.map((name) => [name, text]));
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals, options });
    return { values, positionals };
  } catch (error) {
    throw new SetUpError(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {string | undefined} text Of the option `--seconds`.
 * @param {number} usual
 */
function readSeconds(text, usual) {
  const seconds = Number(text ?? usual);
  if (Number.isInteger(seconds) && seconds >= 1) return seconds;
  throw new SetUpError('--seconds takes a whole number from 1 on.');
}

module.exports = { readCommandLine, readSeconds };
