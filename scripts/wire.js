'use strict';

/**
 * `npm run wire`: writes both languages' sides of what crosses between the addon and JavaScript, as
 * native/node/wire/wire.json describes it. The files are checked in; a test fails when they are stale.
 * Needs Prettier and clang-format, as the lint step does.
 */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { commandEncoderJs, commandsHpp } = require('./wire/commands');
const { layoutChecksHpp, layoutHpp, layoutJs } = require('./wire/constants');
const { readWire } = require('./wire/description');
const { recordDecoderJs, recordSinksJs, recordsHpp } = require('./wire/records');
const { TOP } = require('./support/processes');

/** @type {Record<string, (wire: import('./wire/description').Wire) => string>} */
const WRITERS = {
  'lib/engine/wire/layout.js': layoutJs,
  'lib/engine/wire/command-encoder.js': commandEncoderJs,
  'lib/engine/wire/record-decoder.js': recordDecoderJs,
  'lib/engine/wire/record-sinks.js': recordSinksJs,
  'native/node/wire/layout.hpp': layoutHpp,
  'native/node/wire/layout-checks.hpp': layoutChecksHpp,
  'native/node/wire/commands.hpp': commandsHpp,
  'native/node/wire/records.hpp': recordsHpp,
};

/**
 * Errors: throws with what the formatter says.
 *
 * @param {string} file Whose rules hold.
 * @param {string} text
 * @returns {string} The text as the lint step wants it.
 */
function format(file, text) {
  const [command, option] = file.endsWith('.js')
    ? [path.join(TOP, 'node_modules/.bin/prettier'), '--stdin-filepath']
    : ['clang-format', '--assume-filename'];
  const args = [`${option}=${file}`];
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: TOP,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file}: ${error?.message ?? stderr}`);
  return stdout;
}

/** @returns {Record<string, string>} What is to stand in each file, by its path. */
function generate() {
  const wire = readWire();
  const files = Object.entries(WRITERS).map(([file, write]) => [file, format(file, write(wire))]);
  return Object.fromEntries(files);
}

if (require.main === module) {
  for (const [file, text] of Object.entries(generate())) {
    const place = path.join(TOP, file);
    const isThere = fs.existsSync(place) && fs.readFileSync(place, 'utf8') === text;
    if (!isThere) fs.writeFileSync(place, text); // an unchanged header rebuilds nothing
    console.log(`${file}: ${isThere ? 'as it was' : 'written'}`);
  }
}

module.exports = { generate };
