'use strict';

/**
 * `npm run options`: writes what follows from lib/options/ into the addon, the types and the documentation.
 * With `--check` it writes nothing, and names the files that are stale. A test does that.
 */

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const prettier = require('prettier');
const { MAX_MS, OPTIONS, PLAIN_OPTIONS, partsOf, rangeOf } = require('../lib/options/table');
const { TOP } = require('./support/processes');

/** @typedef {Readonly<import('../lib/options/table').Option>} Option */

const NOTE = 'Generated from lib/options/ by `npm run options`';

/** What reads a field in native/node/option-fields.hpp, by the kind of its option. */
const READERS = Object.freeze({
  milliseconds: 'milliseconds',
  bytes: 'size',
  'bytes per second': 'size',
  boolean: 'flag',
  choice: 'choice',
  other: 'flag',
});

/** @returns {string} native/node/option-fields.hpp */
function cppReader() {
  const lines = OPTIONS.filter(({ native }) => native !== undefined).map(
    ({ name, native, kind }) => {
      if (kind === 'integer') return `  readWhole(value, "${name}", options.${native});`;
      const type = kind === 'choice' ? `<decltype(options.${native})>` : '';
      return `  options.${native} = ${READERS[kind]}${type}(value, "${name}");`;
    },
  );
  return [
    `// ${NOTE}: the options that cross as they are.`,
    '// Runs on: the JS thread.',
    '#pragma once',
    '',
    '#include "beastio/options.hpp"',
    '#include "object-fields.hpp"',
    '',
    'namespace beastio::addon {',
    '',
    'inline void readOptionFields(const Napi::Object& value, EngineOptions& options) {',
    ...lines,
    '}',
    '',
    '}  // namespace beastio::addon',
    '',
  ].join('\n');
}

/** @returns {string} lib/engine/base/given-options.js */
function givenOptions() {
  const names = [...PLAIN_OPTIONS.map(({ name }) => name), 'initialPacket', 'trustedProxies'];
  return `/**
 * ${NOTE}.
 * The options that are looked at with every request. Each is read by its name here, as V8 does that at once. To
 * read them by names from a list takes twenty times as long.
 */
'use strict';

/** The options of an engine as they were given. */
class GivenOptions {
  /** @param {any} opts */
  constructor(opts) {
${names.map((name) => `this.${name} = opts.${name};`).join('\n')}
    this.transports = [...opts.transports];
  }

  /**
   * Whether options are certainly still these.
   * @param {any} opts
   */
  isOf(opts) {
    return (
      ${names.map((name) => `opts.${name} === this.${name}`).join(' &&\n')} &&
      isSame(opts.transports, this.transports)
    );
  }
}

/**
 * @param {readonly string[]} one
 * @param {readonly string[]} other
 */
function isSame(one, other) {
  return one.length === other.length && one.every((name, i) => name === other[i]);
}

module.exports = { GivenOptions };
`;
}

/** Programs in C++ ask for it: it takes I/O threads some time. */
const OTHER_DEFAULT = new Set(['trimMemory']);

/** @returns {string} test/native/engine/option-defaults-test.cpp */
function cppDefaults() {
  const checks = OPTIONS.filter(
    ({ name, native, value }) =>
      native !== undefined &&
      ['number', 'boolean'].includes(typeof value) &&
      !OTHER_DEFAULT.has(name),
  ).map(({ native, kind, value }) => {
    const field = `options.${native}${kind === 'milliseconds' ? '.count()' : ''}`;
    if (typeof value === 'boolean') return `  CHECK${value ? '' : '_FALSE'}(${field});`;
    return `  CHECK(${field} == ${value});`;
  });
  return [
    `// ${NOTE}: programs in C++ have the same defaults.`,
    '#include <catch2/catch.hpp>',
    '',
    '#include "beastio/options.hpp"',
    '',
    'TEST_CASE("Options have the defaults of the table", "[engine]") {',
    '  const beastio::EngineOptions options;',
    ...checks,
    '}',
    '',
  ].join('\n');
}

/** @param {Option} option */
function defaultOf({ told, value }) {
  if (told !== undefined) return told;
  return value === undefined ? 'none' : `\`${JSON.stringify(value).replaceAll('"', "'")}\``;
}

/**
 * @param {'engine' | 'server'} level
 * @returns {string} Members of an interface.
 */
function typeMembers(level) {
  return OPTIONS.filter((option) => option.level === level && option.type !== undefined)
    .map((option) => {
      const { name, type, isOptional, short } = option;
      const comment = `/** ${short}. Default: ${defaultOf(option)} */`;
      return `${comment}\n${name}${isOptional ? '?' : ''}: ${type};`;
    })
    .join('\n');
}

/** @param {ReturnType<typeof partsOf>[number]} part */
function partText([name, { value, min, max }]) {
  if (min === undefined || max === undefined) return `\`${name}\`: ${value}`;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `${min} to ${max}`;
  return `\`${name}\`: ${value} (${range})`;
}

/** @param {Option} option */
function valuesOf(option) {
  const { kind, choices = [] } = option;
  const { min, max } = rangeOf(option);
  if (kind === 'choice') return choices.map((choice) => `\`'${choice}'\``).join(', ');
  if (kind === 'boolean') return '`true`, `false`';
  if (kind === 'other') return partsOf(option.name).map(partText).join(', ');
  const unit = kind === 'milliseconds' ? 'ms' : kind.replace('integer', '');
  if (max === Infinity) return `${unit}, from ${min}`;
  if (max === MAX_MS) return `${unit}, from ${min} to 2<sup>31</sup> − 1`;
  return `${min} to ${max}${unit && ` ${unit}`}`;
}

/**
 * @param {Option['of']} owner
 * @returns {string} A table in Markdown.
 */
function optionTable(owner) {
  const rows = OPTIONS.filter((option) => option.of === owner).map((option) => {
    const { name, changes, text } = option;
    return `| \`${name}\` | ${defaultOf(option)} | ${valuesOf(option)} | ${changes} | ${text} |`;
  });
  return [
    '| option | default | values | changes | meaning |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/**
 * Puts a text between the two lines that name it.
 * Errors: throws where the file does not have these lines.
 *
 * @param {string} file
 * @param {string} content
 * @param {string} name
 * @param {string} text
 */
function between(file, content, name, text) {
  const lines = content.split('\n');
  const begin = lines.findIndex((line) => line.includes(`options ${name}: begin`));
  const end = lines.findIndex((line) => line.includes(`options ${name}: end`));
  if (begin === -1 || end < begin) throw new Error(`${file} has no place for the options ${name}`);
  return [...lines.slice(0, begin + 1), text, ...lines.slice(end)].join('\n');
}

/**
 * @param {string} file
 * @param {Record<string, string>} texts By name of their place.
 */
function filledIn(file, texts) {
  const before = fs.readFileSync(path.join(TOP, file), 'utf8');
  return Object.entries(texts).reduce(
    (content, [name, text]) => between(file, content, name, text),
    before,
  );
}

/** @returns {Promise<Record<string, string>>} What the files must contain, by path. */
async function generate() {
  const files = {
    'lib/engine/base/given-options.js': givenOptions(),
    'native/node/option-fields.hpp': cppReader(),
    'test/native/engine/option-defaults-test.cpp': cppDefaults(),
    'types/engine.d.ts': filledIn('types/engine.d.ts', { 'of the engine': typeMembers('engine') }),
    'types/index.d.ts': filledIn('types/index.d.ts', { 'of the server': typeMembers('server') }),
    'docs/options.md': filledIn('docs/options.md', {
      'of beast.io': `\n${optionTable('beast.io')}\n`,
      'of engine.io': `\n${optionTable('engine.io')}\n`,
      'of socket.io': `\n${optionTable('socket.io')}\n`,
    }),
  };
  /** @type {Record<string, string>} */
  const formatted = {};
  for (const [file, text] of Object.entries(files)) {
    const config = await prettier.resolveConfig(path.join(TOP, file));
    const { inferredParser } = await prettier.getFileInfo(path.join(TOP, file), {
      ignorePath: path.join(TOP, '.prettierignore'),
    });
    formatted[file] =
      inferredParser === null ? text : await prettier.format(text, { ...config, filepath: file });
  }
  return formatted;
}

/** The command; its exit code is 1 when something is stale and may not be written. */
async function main() {
  const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values;
  for (const [file, text] of Object.entries(await generate())) {
    const place = path.join(TOP, file);
    if (fs.existsSync(place) && fs.readFileSync(place, 'utf8') === text) continue; // an unchanged header rebuilds nothing
    if (check) {
      console.error(`${file} is stale: npm run options`);
      process.exitCode = 1;
    } else {
      fs.writeFileSync(place, text);
      console.log(`${file}: written`);
    }
  }
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { generate };
