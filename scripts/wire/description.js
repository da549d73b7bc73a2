'use strict';

/**
 * Reads native/node/wire/wire.json, which describes what crosses between the addon and JavaScript: the constants that
 * both name, the commands (JavaScript → native) and the records (native → JavaScript).
 * Node core modules only.
 *
 * A record and a command begin with their id. What follows are their fields, in order. What a kind of field
 * consists of is described in commands.js and records.js.
 */

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const TOP = path.join(__dirname, '../..');
const DESCRIPTION = path.join(TOP, 'native/node/wire/wire.json');

/**
 * @typedef {object} Constants Of one group; it has either values, texts, types or one value.
 * @property {string} doc
 * @property {string} [cpp] `constants`: they become constants of C++. `enum NAME`: an enumeration. `same NAME`: a
 *   public header has them too, and the compiler compares.
 * @property {Record<string, number>} [values]
 * @property {Record<string, string | null>} [texts] By number, from 0 on; in JavaScript they are the texts.
 * @property {Record<string, number>} [types] Numbers that stand `shift` bits up, such that `zero` is 0 there.
 * @property {number} [shift]
 * @property {string} [zero]
 * @property {number} [value]
 *
 * @typedef {object} Message A record or a command.
 * @property {number} id
 * @property {string} doc
 * @property {Record<string, string>} fields The kind of each, by name.
 * @property {'object'} [as] Whether the fields cross to and from our code as an object.
 * @property {boolean} [late] Of a command: it came by a socket of Node's, and waits until all of them were read.
 * @property {string} [sink] Of a record: whose method is called.
 * @property {string} [method] Of a record: of its sink, where its name is not that of the record.
 * @property {boolean} [run] Of a record to a session: many follow each other, and their speed counts.
 * @property {'before'} [ticks] Of a record: pending ticks run before the sink is called.
 *
 * @typedef {object} Wire
 * @property {Record<string, Constants>} constants
 * @property {Record<string, Message>} commands
 * @property {Record<string, string>} sinks What each is for.
 * @property {Record<string, Message>} records
 */

/**
 * @param {string} what
 * @param {Record<string, Message>} messages
 */
function checkIds(what, messages) {
  const ids = Object.values(messages).map(({ id }) => id);
  ids.forEach((id, index) => {
    if (!Number.isInteger(id) || id < 1) throw new Error(`${what}: ${id} cannot be an id`);
    if (ids.indexOf(id) !== index) throw new Error(`${what}: the id ${id} is there twice`);
  });
}

/**
 * Errors: throws if an id is there twice, or if a record's sink is not declared.
 *
 * @param {string} [file]
 * @returns {Wire}
 */
function readWire(file = DESCRIPTION) {
  /** @type {Wire} */
  const wire = JSON.parse(fs.readFileSync(file, 'utf8'));
  checkIds('commands', wire.commands);
  checkIds('records', wire.records);
  for (const [name, { sink = '' }] of Object.entries(wire.records)) {
    if (!(sink in wire.sinks)) throw new Error(`record ${name}: there is no sink "${sink}"`);
  }
  return wire;
}

/**
 * A hash that differs where two descriptions do not fit each other. Other explanations do not change it.
 *
 * @param {Wire} wire
 * @returns {string}
 */
function hashOf(wire) {
  const facts = JSON.stringify(wire, (key, value) => (key === 'doc' ? undefined : value));
  return crypto.createHash('sha256').update(facts).digest('hex').slice(0, 16);
}

module.exports = { hashOf, readWire };
