/**
 * The checks of option values, each in one place. Errors name the option and what it must be.
 */
'use strict';

const { rangeOf } = require('./table');

/** @typedef {Readonly<import('./table').Option>} Option */

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} min
 * @param {number} max
 * @throws {TypeError | RangeError}
 */
function validateNumber(value, name, min, max) {
  if (typeof value !== 'number') throw new TypeError(`option "${name}" must be a number`);
  if (!(value >= min && value <= max)) {
    throw new RangeError(`option "${name}" must be from ${min} to ${max}, not ${value}`);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} min
 * @param {number} max
 * @throws {TypeError | RangeError}
 */
function validateInteger(value, name, min, max) {
  validateNumber(value, name, min, max);
  if (!Number.isInteger(value)) {
    throw new RangeError(`option "${name}" must be a whole number, not ${value}`);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @throws {TypeError}
 */
function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw new TypeError(`option "${name}" must be true or false`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {readonly string[]} choices
 * @throws {RangeError}
 */
function validateChoice(value, name, choices) {
  if (typeof value === 'string' && choices.includes(value)) return;
  const all = choices.map((choice) => `"${choice}"`).join(', ');
  throw new RangeError(`option "${name}" must be one of ${all}`);
}

/**
 * Checks one value as the table describes its option; those of kind `other` pass.
 * @param {unknown} value
 * @param {Option} option
 * @throws {TypeError | RangeError}
 */
function validateOption(value, option) {
  const { name, kind, choices = [], isLeftOut } = option;
  if (isLeftOut && (value === undefined || value === null)) return;
  const { min, max } = rangeOf(option);
  if (kind === 'boolean') validateBoolean(value, name);
  else if (kind === 'choice') validateChoice(value, name, choices);
  else if (kind === 'integer') validateInteger(value, name, min, max);
  else if (kind !== 'other') validateNumber(value, name, min, max);
}

module.exports = { validateOption };
