'use strict';

/** Whether the files of a target are what they should be, whatever their format. */

const elf = require('./elf');
const macho = require('./macos/macho');
const { SetUpError } = require('../support/set-up-error');

/**
 * @typedef {object} Judgement
 * @property {number} bytes
 * @property {string} oldest the system that it asks for
 * @property {string[]} faults
 */

/**
 * Errors: throws a SetUpError that lists what is wrong.
 *
 * @param {string[]} files
 * @param {import('./targets').Target} target
 * @returns {Promise<string>} a line for people
 */
async function check(files, target) {
  const { judge } = target.platform === 'darwin' ? macho : elf;
  const all = await Promise.all(files.map((file) => judge(file, target)));
  const faults = all.flatMap((each) => each.faults);
  if (faults.length > 0) throw new SetUpError(`${target.name}: ${faults.join('; ')}.`);
  const sizes = all.map(({ bytes }) => `${Math.round(bytes / 1000)} kB`).join(' and ');
  return `${target.name}: ${sizes}, for ${all.map(({ oldest }) => oldest).join(' and ')}`;
}

module.exports = { check };
