/**
 * Every option, described once: its kind, its range, its default, whether it may change, and what it means.
 * Validation and defaults read this table. `npm run options` makes of it the addon's reader, the types and
 * the tables of docs/options.md. Texts are Markdown.
 */
'use strict';

const ours = require('./ours');
const ofEngineio = require('./of-engineio');
const ofSocketio = require('./of-socketio');

/** Timers are 32-bit, as those of JavaScript. */
const MAX_MS = 2 ** 31 - 1;

/**
 * @typedef {'milliseconds' | 'bytes' | 'bytes per second' | 'integer' | 'boolean' | 'choice' | 'other'} Kind How values
 *   are checked, and in which unit a number is. Those of `other` have separate checks.
 *
 * @typedef {object} Part
 * @property {any} value the default
 * @property {number} [min] of a number that is checked
 * @property {number} [max]
 *
 * @typedef {object} Option
 * @property {string} name
 * @property {'beast.io' | 'engine.io' | 'socket.io'} of the package whose option it is
 * @property {'engine' | 'server'} level of the engine or of the Socket.IO server above it
 * @property {Kind} kind
 * @property {number} [min] of a number, 1 if it is not said
 * @property {number} [max] of a number; without it there is no bound but for milliseconds
 * @property {readonly string[]} [choices] what a choice may be
 * @property {any} [value] the default; of others than plain values it is computed where they are completed
 * @property {boolean} [isLeftOut] the default is not put into the options, where socket.io has none: a value is
 *   checked only if there is one
 * @property {string} [told] the default in words, where its value does not tell it
 * @property {Readonly<Record<string, Readonly<Part>>>} [parts] of an option that is an object: their defaults
 * @property {'live' | 'fixed'} changes live: a change of `io.engine.opts`, or of `io.opts` for those of the
 *   server, holds from then on. Fixed: what the server was created with stays
 * @property {string} [native] the field of `EngineOptions` in C++ that takes it as it is
 * @property {string} [type] in TypeScript, where the types of engine.io do not have it
 * @property {boolean} [isOptional] whether the types say that it may be left out, as socket.io's do not
 * @property {string} short what it is, for the types: a sentence without a full stop
 * @property {string} text what it does, for the documentation
 */

/** @type {readonly Readonly<Option>[]} */
const OPTIONS = [...ours, ...ofEngineio, ...ofSocketio];

/** @type {ReadonlyMap<string, Readonly<Option>>} */
const BY_NAME = new Map(OPTIONS.map((option) => [option.name, option]));

/**
 * The smallest and the largest value of a numeric option.
 * @param {Readonly<Option>} option
 */
function rangeOf({ kind, min = 1, max = kind === 'milliseconds' ? MAX_MS : Infinity }) {
  return { min, max };
}

/**
 * The parts of an option that is an object.
 * @param {string} name
 * @returns {[name: string, part: Readonly<Part>][]}
 */
function partsOf(name) {
  return Object.entries(BY_NAME.get(name)?.parts ?? {});
}

/** Those of the engine that the addon takes as they are, and others that are looked at when they change. */
const PLAIN_OPTIONS = OPTIONS.filter(
  ({ level, native, kind, changes }) =>
    level === 'engine' && (native !== undefined || (changes === 'live' && kind !== 'other')),
);

module.exports = { BY_NAME, MAX_MS, OPTIONS, PLAIN_OPTIONS, partsOf, rangeOf };
