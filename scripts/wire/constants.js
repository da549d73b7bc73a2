'use strict';

/** Writes what both languages name: lib/engine/wire/layout.js, and layout.hpp and layout-checks.hpp. */

const { hashOf } = require('./description');
const { cppDoc, jsDoc, pascal } = require('./text');

/** @typedef {import('./description').Wire} Wire */
/** @typedef {import('./description').Constants} Constants */
/** @typedef {import('./description').Message} Message */

/**
 * @param {Constants} group
 * @returns {Record<string, number>} Its numbers by name.
 */
function numbersOf({ values, texts, types = {}, shift = 0, zero = '' }) {
  if (values) return values;
  if (texts) return Object.fromEntries(Object.keys(texts).map((name, index) => [name, index]));
  const coded = Object.entries(types).map(([name, type]) => [name, (type ^ types[zero]) << shift]);
  return Object.fromEntries(coded);
}

/**
 * @param {Constants} group
 * @returns {string} Its value in JavaScript.
 */
function jsValue(group) {
  if (group.value !== undefined) return String(group.value);
  if (group.texts) {
    const texts = Object.values(group.texts).map((text) =>
      text === null ? 'undefined' : JSON.stringify(text),
    );
    return `Object.freeze([${texts.join(', ')}])`;
  }
  return `Object.freeze(${JSON.stringify(numbersOf(group))})`;
}

/**
 * @param {Record<string, Message>} messages
 * @returns {string}
 */
function jsIds(messages) {
  const ids = Object.entries(messages).map(([name, { id }]) => `${name}: ${id}`);
  return `Object.freeze({ ${ids.join(', ')} })`;
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function layoutJs(wire) {
  const groups = Object.entries(wire.constants);
  const names = ['WIRE_HASH', 'RECORD', 'COMMAND', ...groups.map(([name]) => name)];
  return [
    `/**
 * What crosses between JavaScript and the addon: the numbers that both name.
 * Generated from native/node/wire/wire.json by \`npm run wire\`.
 */
'use strict';

`,
    jsDoc(['Of the description. An addon that was built from another one does not fit.']),
    `const WIRE_HASH = '${hashOf(wire)}';\n\n`,
    jsDoc(['From the I/O threads: the first number of every record.']),
    `const RECORD = ${jsIds(wire.records)};\n\n`,
    jsDoc(['To the I/O threads: the first number of every command.']),
    `const COMMAND = ${jsIds(wire.commands)};\n\n`,
    ...groups.map(([name, group]) => `${jsDoc([group.doc])}const ${name} = ${jsValue(group)};\n\n`),
    `module.exports = { ${names.join(', ')} };\n`,
  ].join('');
}

/**
 * @param {string} name
 * @param {Constants} group
 * @returns {string} Its constants in C++.
 */
function cppConstants(name, group) {
  const prefix = `k${pascal(name)}`;
  const [form, target] = (group.cpp ?? '').split(' ');
  const numbers = Object.entries(numbersOf(group));
  const doc = cppDoc(group.doc);
  if (group.types) {
    return `${doc}inline constexpr int ${prefix}Shift = ${group.shift};
inline constexpr std::int32_t ${prefix}Zero = ${group.types[group.zero ?? '']};
`;
  }
  if (form === 'constants') {
    const lines = numbers.map(
      ([each, value]) => `inline constexpr std::int32_t ${prefix}${pascal(each)} = ${value};\n`,
    );
    return `${doc}${lines.join('')}`;
  }
  if (form === 'enum') {
    const values = numbers.map(([each, value]) => `k${pascal(each)} = ${value}`);
    return `${doc}enum class ${target} : std::int32_t { ${values.join(', ')} };\n`;
  }
  if (group.value !== undefined) return `static_assert(${target} == ${group.value});\n`;
  const asserts = numbers.map(
    ([each, value]) =>
      `static_assert(static_cast<int>(${target}::k${pascal(each)}) == ${value});\n`,
  );
  return asserts.join('');
}

/**
 * @param {string} name
 * @param {string} doc
 * @param {Record<string, Message>} messages
 * @returns {string}
 */
function cppIds(name, doc, messages) {
  const ids = Object.entries(messages).map(([each, { id }]) => `k${pascal(each)} = ${id},\n`);
  return `${cppDoc(doc)}enum class ${name} : std::int32_t {\n${ids.join('')}};\n`;
}

/**
 * @param {Wire} wire
 * @param {boolean} areShared
 * @returns {string} The groups that the public headers have too, or the others, in C++.
 */
function cppGroups(wire, areShared) {
  return Object.entries(wire.constants)
    .filter(([, { cpp = '' }]) => cpp.startsWith('same ') === areShared)
    .map(([name, group]) => cppConstants(name, group))
    .join('\n');
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function layoutHpp(wire) {
  return `// What crosses between JavaScript and the addon: the numbers that both name.
// Generated from wire.json by \`npm run wire\`.
#pragma once

#include <cstdint>

namespace beastio::addon {

/// Of the description. JavaScript that was generated from another one does not fit.
inline constexpr char kWireHash[] = "${hashOf(wire)}";

${cppIds('Record', 'The first number of a record.', wire.records)}
${cppIds('Command', 'The first number of a command.', wire.commands)}
${cppGroups(wire, false)}
}  // namespace beastio::addon
`;
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function layoutChecksHpp(wire) {
  return `// The numbers that JavaScript shares with the public headers: the compiler compares.
// Generated from wire.json by \`npm run wire\`. One source file includes it.
#pragma once

#include "beastio/host/limits.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/names.hpp"
#include "beastio/options.hpp"
#include "beastio/session-id.hpp"

namespace beastio::addon {

${cppGroups(wire, true)}
}  // namespace beastio::addon
`;
}

module.exports = { layoutChecksHpp, layoutHpp, layoutJs };
