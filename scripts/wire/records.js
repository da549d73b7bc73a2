'use strict';

/**
 * Generates the code that writes and reads records: native/node/wire/records.hpp,
 * lib/engine/wire/record-sinks.js and lib/engine/wire/record-decoder.js. Kinds of fields that a record may
 * have stand in KINDS; how one is put down is native/node/wire/record-fields.cpp, and how it is taken out
 * lib/engine/wire/record-fields.js.
 */

const { capitalize, cppDoc, jsDoc, pascal } = require('./text');

/** @typedef {import('./description').Wire} Wire */
/** @typedef {import('./description').Message} Message */

/**
 * @typedef {object} Kind
 * @property {string} js Its type in JavaScript.
 * @property {string} cpp Its type in C++.
 * @property {string} [add] The function of C++ that puts down the part of the field that is not a number.
 * @property {string[]} numbers What stands for the field among the numbers: `$` is its name, or what `add`
 *   returned.
 * @property {string} take Its value in JavaScript: `$0` and `$1` are these numbers.
 * @property {boolean} [isStreamed] Whether the field is taken from the texts and extras, which are consumed
 *   in order.
 */

/**
 * @param {string} js
 * @param {string} cpp
 * @param {string} name
 * @param {string[]} [numbers]
 * @returns {Kind} One that is put down and taken out by a function of that name.
 */
function streamed(js, cpp, name, numbers = ['$']) {
  const args = numbers.map((_number, index) => `$${index}`).join(', ');
  const take = `this.take${name}(${args})`;
  return { js, cpp, add: `add${name}`, numbers, take, isStreamed: true };
}

/** @type {Record<string, Kind>} */
const KINDS = {
  session: { js: 'number', cpp: 'SessionId', numbers: ['$.place'], take: '$0' },
  request: { js: 'number', cpp: 'RequestId', numbers: ['$'], take: '$0' },
  stream: { js: 'number', cpp: 'RequestId', numbers: ['$'], take: '$0' },
  integer: { js: 'number', cpp: 'std::int32_t', numbers: ['$'], take: '$0' },
  boolean: { js: 'boolean', cpp: 'bool', numbers: ['$'], take: '$0 === 1' },
  ackId: {
    js: 'number | undefined',
    cpp: 'std::int32_t',
    numbers: ['$'],
    take: '$0 === -1 ? undefined : $0',
  },
  latin1: streamed('string', 'const Text&', 'Latin1'),
  namespace: streamed('string', 'std::string_view', 'Namespace'),
  text: streamed('string', 'const Text&', 'Text', ['$.place', '$.length']),
  largeText: streamed('string', 'const Text&', 'LargeText', []),
  fewBytes: streamed('Buffer | string', 'std::string_view', 'FewBytes'),
  asciiOrBuffer: streamed('Buffer | string', 'std::string_view', 'AsciiOrBuffer'),
  bytes: streamed('Buffer', 'std::string_view', 'Bytes'),
  buffer: streamed('Buffer', 'Bytes', 'Buffer', []),
  tlsFacts: streamed("import('./tls-facts').TlsFacts", 'const TlsFacts&', 'TlsFacts'),
  ownRequest: streamed(
    "import('./record-fields').OwnRequest | undefined",
    'const OwnRequest*',
    'OwnRequest',
  ),
};

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {Kind} kind
 * @property {number} offset Of its first number, from the record's first on.
 */

/**
 * @param {Wire} wire
 * @param {string} name Of a kind or a group of constants.
 * @returns {Kind}
 */
function kindOf({ constants }, name) {
  const group = constants[name];
  if (group === undefined) {
    if (KINDS[name] === undefined) throw new Error(`records: there is no kind "${name}"`);
    return KINDS[name];
  }
  const [, cpp] = (group.cpp ?? '').split(' ');
  if (!group.texts) return { js: 'number', cpp, numbers: ['$'], take: '$0' };
  const js = Object.values(group.texts).includes(null) ? 'string | undefined' : 'string';
  return { js, cpp, numbers: ['$'], take: `${name}[$0]` };
}

/**
 * @param {Wire} wire
 * @param {Message} message
 * @returns {Field[]}
 */
function fieldsOf(wire, { fields }) {
  let offset = 1;
  return Object.entries(fields).map(([name, kindName]) => {
    const field = { name, kind: kindOf(wire, kindName), offset };
    offset += field.kind.numbers.length;
    return field;
  });
}

/**
 * The second number of a record tells whom it is for: one that is for nobody has a 0 there.
 *
 * @param {Field[]} fields
 * @returns {number} How many numbers the record has.
 */
function sizeOf(fields) {
  const last = fields.at(-1);
  return last === undefined ? 2 : Math.max(2, last.offset + last.kind.numbers.length);
}

/**
 * @param {Wire} wire
 * @param {string} record
 * @param {Message} message
 * @returns {string} The function that writes it.
 */
function cppWriter(wire, record, message) {
  const fields = fieldsOf(wire, message);
  const params = ['Content& content', ...fields.map(({ name, kind }) => `${kind.cpp} ${name}`)];
  const adds = fields.map(({ name, kind }) => {
    if (kind.add === undefined) return '';
    const call = `${kind.add}(content, ${name});\n`;
    return kind.numbers.length > 0 ? `const auto ${name}Added = ${call}` : call;
  });
  const numbers = fields.flatMap(({ name, kind }) =>
    kind.numbers.map((number) => number.replace('$', kind.add ? `${name}Added` : name)),
  );
  if (numbers.length === 0) numbers.push('0');
  return `${cppDoc(message.doc)}inline void put${pascal(record)}(${params.join(', ')}) {
${adds.join('')}addNumbers(content, ${[`Record::k${pascal(record)}`, ...numbers].join(', ')});
}

`;
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function recordsHpp(wire) {
  const writers = Object.entries(wire.records).map(([name, each]) => cppWriter(wire, name, each));
  return `// Writes records, field by field.
// Generated from wire.json by \`npm run wire\`.
#pragma once

#include <cstdint>
#include <string_view>

#include "beastio/host/port-events.hpp"
#include "beastio/session-id.hpp"
#include "layout.hpp"
#include "record-fields.hpp"

namespace beastio {
enum class CloseReason : std::uint8_t;
enum class ContentType : std::uint8_t;
enum class Limit : std::uint8_t;
enum class TransportName : std::uint8_t;
}  // namespace beastio

namespace beastio::addon {

${writers.join('')}}  // namespace beastio::addon
`;
}

/**
 * @param {string} record
 * @param {Message} message
 * @returns {string} The method of its sink that it calls.
 */
function methodOf(record, { method }) {
  return method ?? `on${pascal(record)}`;
}

/**
 * @param {Wire} wire
 * @param {string} sink
 * @returns {[string, Message][]} The records that it gets.
 */
function recordsOf({ records }, sink) {
  return Object.entries(records).filter(([, message]) => message.sink === sink);
}

/**
 * @param {Wire} wire
 * @param {Message} message
 * @returns {Field[]} Those that its sink gets: a session knows its place.
 */
function toldFields(wire, message) {
  const fields = fieldsOf(wire, message);
  return message.sink === 'session' ? fields.slice(1) : fields;
}

/**
 * @param {Wire} wire
 * @param {string} sink
 * @returns {string} Its type.
 */
function sinkType(wire, sink) {
  const methods = recordsOf(wire, sink).map(([name, message]) => {
    const types = toldFields(wire, message).map((field) => `${field.name}: ${field.kind.js}`);
    const all = types.join(', ');
    const params = message.as === 'object' ? `fields: { ${all} }` : all;
    return `@property {(${params}) => void} ${methodOf(name, message)} ${message.doc}`;
  });
  if (sink === 'sessions') {
    methods.unshift('@property {(place: number) => SessionSink} session The session of a place.');
  }
  const head = `@typedef {object} ${capitalize(sink)}Sink ${wire.sinks[sink]}`;
  return jsDoc([head, ...methods]);
}

/**
 * @param {Wire} wire
 * @param {string} sink
 * @returns {string} One that passes over all that it is told.
 */
function silentSink(wire, sink) {
  const methods = recordsOf(wire, sink).map((each) => `${methodOf(...each)}() {},\n`);
  if (sink === 'sessions') methods.unshift('session: () => SILENT_SESSION,\n');
  return methods.join('');
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function recordSinksJs(wire) {
  const [, ...sinks] = Object.keys(wire.sinks);
  const all = sinks.map((sink) => `@property {${capitalize(sink)}Sink} ${sink}`);
  return `/**
 * What records are told to.
 * Generated from native/node/wire/wire.json by \`npm run wire\`.
 */
'use strict';

${Object.keys(wire.sinks)
  .map((sink) => sinkType(wire, sink))
  .join('')}${jsDoc(['@typedef {object} RecordSinks', ...all])}
/** @type {SessionSink} */
const SILENT_SESSION = Object.freeze({
${silentSink(wire, 'session')}});

/** Passes over all records. @type {RecordSinks} */
const SILENT_SINKS = Object.freeze({
${sinks.map((sink) => `${sink}: Object.freeze({\n${silentSink(wire, sink)}}),\n`).join('')}});

module.exports = { SILENT_SINKS };
`;
}

/**
 * @param {Wire} wire
 * @param {Message} message
 * @returns {{ size: number, takes: string, args: string }} How many numbers it has, what is taken out first, and what
 *   its sink gets.
 */
function jsFields(wire, message) {
  const fields = fieldsOf(wire, message);
  const valueOf = (/** @type {Field} */ { kind, offset }) =>
    kind.take.replaceAll(/\$(\d)/g, (_all, index) => {
      const place = offset + Number(index);
      return place === 1 ? 'subject' : `records[at + ${place}]`;
    });
  const takes = fields.flatMap((field) =>
    field.kind.isStreamed ? [`const ${field.name} = ${valueOf(field)};\n`] : [],
  );
  const told = toldFields(wire, message);
  const values = told.map((field) => (field.kind.isStreamed ? field.name : valueOf(field)));
  const members = told.map(({ name }, index) =>
    values[index] === name ? name : `${name}: ${values[index]}`,
  );
  const args = message.as === 'object' ? `{ ${members.join(', ')} }` : values.join(', ');
  return { size: sizeOf(fields), takes: takes.join(''), args };
}

/**
 * @param {Wire} wire
 * @param {string} record
 * @param {Message} message
 * @returns {string} The case that reads it.
 */
function jsCase(wire, record, message) {
  if (message.run)
    return `case ${message.id}: // ${record}\nthis.deliver${pascal(record)}s(subject, at);\nreturn;\n`;
  const { size, takes, args } = jsFields(wire, message);
  const sink = message.sink === 'session' ? 'sessions.session(subject)' : message.sink;
  return `case ${message.id}: { // ${record}
this.position = at + ${size};
${takes}${message.ticks === 'before' ? 'this.settle();\n' : ''}this.${sink}.${methodOf(record, message)}(${args});
return;
}
`;
}

/**
 * @param {Wire} wire
 * @param {string} record
 * @param {Message} message
 * @returns {string} The method that reads those that follow each other.
 */
function jsRun(wire, record, message) {
  const { size, takes, args } = jsFields(wire, message);
  const doc = [
    `Tells one ${record}, and those of the same session that follow it.`,
    '@param {number} subject',
    '@param {number} until where no other one may begin',
  ];
  return `${jsDoc(doc, 2)}deliver${pascal(record)}s(subject, until) {
const { records } = this;
let at = this.position;
this.position = at + ${size}; // whatever the registry may throw, it is not read again
const session = this.sessions.session(subject);
do {
this.position = at + ${size};
${takes}session.${methodOf(record, message)}(${args});
at += ${size};
} while (at < until && records[at] === ${message.id} && records[at + 1] === subject);
}

`;
}

/**
 * @param {Wire} wire
 * @returns {string}
 */
function recordDecoderJs(wire) {
  const [, ...sinks] = Object.keys(wire.sinks);
  const texts = Object.keys(wire.constants).filter((name) => wire.constants[name].texts);
  const entries = Object.entries(wire.records);
  const cases = entries.map(([name, each]) => jsCase(wire, name, each));
  const runs = entries.filter(([, { run }]) => run).map(([name, each]) => jsRun(wire, name, each));
  return `/**
 * Reads records, field by field, and tells them to their sinks.
 * Generated from native/node/wire/wire.json by \`npm run wire\`.
 */
'use strict';

const { RecordFields } = require('./record-fields');
const { ${texts.join(', ')} } = require('./layout');

class RecordDecoder extends RecordFields {
  /** @param {import('./record-sinks').RecordSinks} sinks */
  constructor({ ${sinks.join(', ')} }) {
    super();
${sinks.map((sink) => `    this.${sink} = ${sink};\n`).join('')}  }

  /** Runs all pending ticks: what the reader does. */
  settle() {}

${runs.join('')}  /**
   * Tells the record at \`position\`.
   * @param {number} kind its first number, see RECORD
   * @param {number} subject its second, whom or what it is about
   * @throws {Error} if there is no such record: nothing behind it can be read
   */
  deliver(kind, subject) {
    const { records } = this;
    const at = this.position;
    // Numbers, not names: V8's interpreter makes a table of them.
    switch (kind) {
${cases.join('')}default:
        this.position = this.count; // how long it is, only who wrote it knows
        throw new Error(\`unknown record \${kind}: the addon does not fit this version\`);
    }
  }
}

module.exports = { RecordDecoder };
`;
}

module.exports = { recordDecoderJs, recordSinksJs, recordsHpp };
