'use strict';

/**
 * Doxygen reads the public headers of C++. What is undocumented in them, or refers to what is not there, fails.
 * What the language makes by itself needs no words: copies, moves, and what is defaulted.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { listFiles } = require('../support/files');
const { TOP, run } = require('../support/processes');

/** Constructors and assignments from another one of the class, and what is `= default`. */
const SELF_EVIDENT =
  /Member (?:(\w+)\((?:const )?\1 &&? ?\w*\)|operator=\((?:const )?\w+ &&? ?\w*\)|.*=default )/;
/** Doxygen does not follow how a template of the standard library is specialised. */
const OF_STANDARD = /\bstd::\w+</;

/**
 * @param {string} output Of Doxygen.
 * @returns {string[]} What is to be said of the headers, each once.
 */
function readWarnings(output) {
  const lines = output.split('\n').filter((line) => /\b(warning|error):/.test(line));
  return [...new Set(lines)].filter((line) => !SELF_EVIDENT.test(line) && !OF_STANDARD.test(line));
}

/**
 * Doxygen passes over what is undocumented in a namespace that is undocumented itself.
 *
 * @param {string[]} headers Their texts.
 * @param {string} page The text that documents the namespaces.
 * @returns {string[]}
 */
function findSilentNamespaces(headers, page) {
  const opened = headers.flatMap((text) => [...text.matchAll(/^namespace ([\w:]+) \{/gm)]);
  const names = new Set(opened.map(([, name]) => name));
  return [...names].filter(
    (name) => !/(^|::)(detail|std)$/.test(name) && !page.includes(`@namespace ${name}\n`),
  );
}

/** @returns {import('./steps').Step} Counts one check. */
function referenceStep() {
  return {
    name: 'Reference',
    async run() {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-reference-'));
      try {
        const file = path.join(folder, 'Doxyfile');
        const settings = [
          ...['@INCLUDE_PATH = docs', '@INCLUDE = Doxyfile', `OUTPUT_DIRECTORY = ${folder}`],
          ...['GENERATE_HTML = NO', 'GENERATE_XML = YES', 'WARN_IF_UNDOCUMENTED = YES'],
        ];
        fs.writeFileSync(file, settings.join('\n'));
        const { code, output } = await run('doxygen', [file]);
        if (code !== 0) throw new Error(`${output}\ndoxygen ended with code ${code}.`);

        const headers = listFiles(path.join(TOP, 'native/include'), /\.hpp$/);
        const page = fs.readFileSync(path.join(TOP, 'docs/reference.dox'), 'utf8');
        const texts = headers.map((header) => fs.readFileSync(header, 'utf8'));
        const wrong = [
          ...readWarnings(output),
          ...findSilentNamespaces(texts, page).map((name) => `docs/reference.dox: no ${name}`),
        ];
        if (wrong.length > 0) console.log(wrong.join('\n').replaceAll(`${TOP}/`, ''));
        return wrong.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

module.exports = { findSilentNamespaces, readWarnings, referenceStep };
