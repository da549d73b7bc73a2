'use strict';

/**
 * Generates the code that writes and reads commands: lib/engine/wire/command-encoder.js and
 * native/node/wire/commands.hpp. Kinds of fields that a command may have stand in KINDS; how one is put down
 * is lib/engine/wire/command-fields.js, and how it is taken out native/node/wire/command-fields.cpp.
 */

const { capitalize, cppDoc, jsDoc, pascal } = require('./text');

/** @typedef {import('./description').Wire} Wire */
/** @typedef {import('./description').Message} Message */

/**
 * @typedef {object} Kind
 * @property {string} js Its type in JavaScript.
 * @property {string} cpp Its type in C++.
 * @property {(name: string) => string[]} [numbers] What of it stands among the numbers.
 * @property {(name: string) => string} [text] What of it stands in the joined text.
 * @property {(name: string) => string} [value] Puts down what of it is a value.
 * @property {{ put: string, size: (name: string) => string }} [list] For a field of any length: what puts it
 *   down, and how many numbers there are besides its count.
 */

const itself = (/** @type {string} */ name) => [name];
const lengthOf = (/** @type {string} */ name) => `${name}.length`;

/** @type {Record<string, Kind>} */
const KINDS = {
  integer: { js: 'number', cpp: 'std::int32_t', numbers: itself },
  unsigned: { js: 'number', cpp: 'std::uint32_t', numbers: itself },
  sendFlags: { js: 'number', cpp: 'SendFlags', numbers: itself },
  boolean: { js: 'boolean', cpp: 'bool', numbers: (name) => [`${name} ? 1 : 0`] },
  session: {
    js: 'Addressee',
    cpp: 'SessionId',
    numbers: (name) => [`${name}.place`, `${name}.generation`],
  },
  text: {
    js: 'string',
    cpp: 'Part',
    numbers: (name) => [lengthOf(name)],
    text: (name) => name,
  },
  optionalText: {
    js: 'string | undefined',
    cpp: 'std::optional<Part>',
    numbers: (name) => [`${name}?.length ?? -1`],
    text: (name) => `(${name} ?? '')`,
  },
  string: { js: 'string', cpp: 'Napi::Value', value: (name) => `this.keep(${name});\n` },
  bytes: { js: 'Uint8Array', cpp: 'std::string_view', value: (name) => `this.keep(${name});\n` },
  optionalBytes: {
    js: 'Uint8Array | undefined',
    cpp: 'std::optional<std::string_view>',
    numbers: (name) => [`${name} === undefined ? 0 : 1`],
    value: (name) => `if (${name} !== undefined) this.keep(${name});\n`,
  },
  rooms: {
    js: 'readonly number[]',
    cpp: 'std::vector<RoomId>',
    list: { put: 'putRooms', size: lengthOf },
  },
  sessions: {
    js: 'readonly Addressee[]',
    cpp: 'std::vector<SessionId>',
    list: { put: 'putSessions', size: (name) => `2 * ${name}.length` },
  },
  parts: {
    js: 'readonly Part[]',
    cpp: 'std::vector<Part>&',
    list: { put: 'putParts', size: lengthOf },
  },
};

/**
 * @param {string} command
 * @param {Message} message
 * @returns {{ name: string, kind: Kind, kindName: string }[]}
 */
function fieldsOf(command, { fields }) {
  return Object.entries(fields).map(([name, kindName]) => {
    const kind = KINDS[kindName];
    if (kind === undefined) throw new Error(`command ${command}: there is no kind "${kindName}"`);
    return { name, kind, kindName };
  });
}

/**
 * @param {string} command
 * @param {Message} message
 * @returns {{ fixed: number, sizes: string[] }} How many numbers a command has, and the fields that add as
 *   many numbers as they are long.
 */
function sizeOf(command, message) {
  const fields = fieldsOf(command, message);
  const fixed = fields.map(({ name, kind }) =>
    kind.list ? 1 : (kind.numbers?.(name).length ?? 0),
  );
  return {
    fixed: fixed.reduce((sum, count) => sum + count, 1),
    sizes: fields.flatMap(({ name, kind }) => (kind.list ? [kind.list.size(name)] : [])),
  };
}

/**
 * @param {string} command
 * @param {Message} message
 * @returns {string} The method that writes it.
 */
function jsWriter(command, message) {
  const fields = fieldsOf(command, message);
  const { fixed, sizes } = sizeOf(command, message);
  const hasList = sizes.length > 0;
  const size = [fixed, ...sizes].join(' + ');
  let offset = 0;
  const number = (/** @type {string | number} */ value) => {
    const place = hasList ? 'at++' : offset === 0 ? 'at' : `at + ${offset}`;
    offset += 1;
    return `numbers[${place}] = ${value};\n`;
  };
  const body = [
    `${hasList ? 'let' : 'const'} at = this.${message.late ? 'reserveLate' : 'reserve'}(${size});\n`,
    'const { numbers } = this;\n',
    number(message.id),
  ];
  fields.forEach(({ name, kind }, index) => {
    for (const value of kind.numbers?.(name) ?? []) body.push(number(value));
    const isLast = index === fields.length - 1;
    if (kind.list) body.push(`${isLast ? '' : 'at = '}this.${kind.list.put}(${name}, at);\n`);
  });
  const texts = fields.flatMap(({ name, kind }) => kind.text?.(name) ?? []);
  if (texts.length > 0) body.push(`this.text += ${texts.join(' + ')};\n`);
  for (const { name, kind } of fields) body.push(kind.value?.(name) ?? '');
  const names = fields.map(({ name }) => name).join(', ');
  const types = fields.map(({ name, kind }) => `${name}: ${kind.js}`).join(', ');
  const params =
    message.as === 'object'
      ? [`@param {{ ${types} }} fields`]
      : fields.map(({ name, kind }) => `@param {${kind.js}} ${name}`);
  const parameters = message.as === 'object' ? `{ ${names} }` : names;
  return `${jsDoc([message.doc, ...params], 2)}put${pascal(command)}(${parameters}) {\n${body.join('')}}\n\n`;
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function commandEncoderJs({ commands }) {
  const entries = Object.entries(commands);
  const sizes = entries.map(([name, message]) => `${name}: ${sizeOf(name, message).fixed}`);
  // What has no fields is a mark that the buffer puts between commands.
  const written = entries.filter(([, { fields }]) => Object.keys(fields).length > 0);
  return `/**
 * Writes commands into the buffer, field by field.
 * Generated from native/node/wire/wire.json by \`npm run wire\`.
 */
'use strict';

const { CommandFields } = require('./command-fields');

/** How many numbers a command has, without what its lists hold. */
const COMMAND_SIZE = Object.freeze({ ${sizes.join(', ')} });

/** @typedef {import('./command-fields').Addressee} Addressee */
/** @typedef {import('./command-buffer').Part} Part */

class CommandEncoder extends CommandFields {
${written.map(([name, message]) => jsWriter(name, message)).join('')}}

module.exports = { COMMAND_SIZE, CommandEncoder };
`;
}

/**
 * @param {string} command
 * @param {Message} message
 * @returns {string} The case that reads it.
 */
function cppReader(command, message) {
  const fields = fieldsOf(command, message);
  const id = pascal(command);
  const isList = (/** @type {Kind} */ kind) => kind.list !== undefined;
  const takes = fields.map(({ name, kind, kindName }) => {
    const auto = kind.cpp.endsWith('&') ? 'auto&' : isList(kind) ? 'auto' : 'const auto';
    return `${auto} ${name} = from.take${capitalize(kindName)}();\n`;
  });
  const values = fields.map(({ name, kind }) => (isList(kind) ? `std::move(${name})` : name));
  const given = message.as === 'object' ? `${id}Fields{${values.join(', ')}}` : values.join(', ');
  return `case Command::k${id}: {\n${takes.join('')}sink.on${id}(${given});\nbreak;\n}\n`;
}

/**
 * @param {string} command
 * @param {Message} message
 * @returns {string} What holds its fields.
 */
function cppStruct(command, message) {
  const members = fieldsOf(command, message).map(({ name, kind }) => `${kind.cpp} ${name};\n`);
  return `${cppDoc(message.doc)}struct ${pascal(command)}Fields {\n${members.join('')}};\n\n`;
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function commandsHpp({ commands }) {
  const entries = Object.entries(commands);
  const objects = entries.filter(([, { as }]) => as === 'object');
  return `// Reads commands, field by field.
// Generated from wire.json by \`npm run wire\`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "beastio/host/batch.hpp"
#include "command-fields.hpp"
#include "layout.hpp"

namespace beastio::addon {

${objects.map(([name, message]) => cppStruct(name, message)).join('')}
/// Reads all commands to the end; the sink has a method for each.
template <class Sink>
void readCommands(CommandFields& from, Sink& sink) {
  while (!from.isOver()) {
    switch (static_cast<Command>(from.takeInteger())) {
${entries.map(([name, message]) => cppReader(name, message)).join('')}
    }
  }
}

}  // namespace beastio::addon
`;
}

module.exports = { commandEncoderJs, commandsHpp };
