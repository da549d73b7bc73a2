'use strict';

/** The Markdown of this repository, and the blocks of code in it. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('../../support/programs/programs');

/** Written by programs, or not for readers of code. */
const WITHOUT_CODE = ['CHANGELOG.md', 'bench/RESULTS.md'];

/**
 * @typedef {object} CodeBlock
 * @property {string} file relative to the top
 * @property {number} line on which it begins
 * @property {string} language empty, if it has none
 * @property {string} name of the file that it is; empty, if it is none
 * @property {string} code
 */

/** @returns {string[]} every page that git knows, or is about to */
function markdownFiles() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  const files = String(execFileSync('git', args, { cwd: TOP }))
    .trim()
    .split('\n');
  return files.filter((file) => !WITHOUT_CODE.includes(file));
}

/**
 * @param {string} file relative to the top
 * @returns {CodeBlock[]} also those that are only indented: they have no language
 */
function codeBlocksOf(file) {
  /** @type {CodeBlock[]} */
  const blocks = [];
  /** @type {CodeBlock | undefined} */
  let open;
  let before = '';
  const text = fs.readFileSync(path.join(TOP, file), 'utf8');
  for (const [index, line] of text.split('\n').entries()) {
    const [isFence, language = '', name = ''] = /^ *```(\w*)(?: \[([\w.]+)\])?$/.exec(line) ?? [];
    const begun = { file, line: index + 1, language, name, code: '' };
    if (open !== undefined && isFence) open = undefined;
    else if (open !== undefined) open.code += `${line}\n`;
    else if (isFence) blocks.push((open = begun));
    else if (/^ {4}\S/.test(line) && before === '') blocks.push({ ...begun, code: `${line}\n` });
    before = line;
  }
  return blocks;
}

module.exports = { codeBlocksOf, markdownFiles };
