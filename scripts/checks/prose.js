'use strict';

/**
 * Finds sentences in the docs and in comments that are too long to be understood at first reading.
 * Code, tables and headings do not count. A link and a piece of code are one word each.
 */

const fs = require('node:fs');
const path = require('node:path');
const { commentsOf } = require('./comments');
const { listFiles } = require('../support/files');
const { TOP } = require('../support/processes');

const MOST_WORDS = 25;
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/NOTES.md'];

/** The folders whose comments are read. */
const CODE_FOLDERS = ['lib', 'native', 'scripts', 'bench', 'examples', 'test', 'types'];
const CODE = /\.(js|cjs|mjs|ts|cpp|hpp|h)$/;

/** What the bench writes into the README. */
const GENERATED = /<!-- bench: written[^]*?<!-- bench: end -->/g;
const SENTENCE_END = /(?<=[.!?]["')*_]*)\s+(?=["'(*_]*[\p{Lu}\d])/u;

/**
 * @typedef {object} LongSentence
 * @property {number} line On which its paragraph begins.
 * @property {number} words
 * @property {string} sentence
 */

/**
 * Blanks what is no prose, and keeps the lines.
 * @param {string} text
 */
function proseOf(text) {
  /** @param {string} match */
  const blank = (match) => match.replace(/[^\n]/g, '');
  return text
    .replace(GENERATED, blank)
    .replace(/^```[^]*?^```/gm, blank)
    .replace(/^ {4}.*$|^\s*\|.*$|^#.*$/gm, '')
    .replace(/!?\[[^\]]*\]\([^)]*\)|`[^`]+`/g, (match) => `Word${match.replace(/[^\n]/g, '')}`);
}

/**
 * @param {string} text Markdown.
 * @returns {LongSentence[]}
 */
function findLongSentences(text) {
  /** @type {{ line: number, lines: string[] }[]} */
  const paragraphs = [];
  let isNew = true;
  proseOf(text)
    .split('\n')
    .forEach((content, index) => {
      const isItem = /^\s*([-*]|\d+\.)\s/.test(content);
      if (isNew || isItem) paragraphs.push({ line: index + 1, lines: [] });
      paragraphs.at(-1)?.lines.push(content.replace(/^\s*([-*]|\d+\.)\s/, ''));
      isNew = content.trim() === '';
    });
  return paragraphs.flatMap(({ line, lines }) =>
    lines
      .join(' ')
      .split(SENTENCE_END)
      .map((sentence) => ({
        line,
        words: sentence.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length,
        sentence: sentence.trim(),
      }))
      .filter(({ words }) => words > MOST_WORDS),
  );
}

/**
 * @param {string} source JavaScript, TypeScript or C++.
 * @returns {LongSentence[]} Those of its comments.
 */
function findLongSentencesInComments(source) {
  return commentsOf(source).flatMap(({ line, text }) =>
    findLongSentences(text).map((found) => ({ ...found, line: line + found.line - 1 })),
  );
}

/** @returns {string[]} Every page and every file of code. */
function proseFiles() {
  return [
    ...PAGES.map((page) => path.join(TOP, page)),
    ...listFiles(path.join(TOP, 'docs'), /\.md$/),
    ...CODE_FOLDERS.flatMap((folder) => listFiles(path.join(TOP, folder), CODE)),
  ];
}

/** @returns {import('./steps').Step} Counts one check for each file. */
function proseStep() {
  return {
    name: 'Prose',
    async run() {
      const files = proseFiles();
      let failed = 0;
      for (const file of files) {
        const text = fs.readFileSync(file, 'utf8');
        const isPage = file.endsWith('.md');
        const found = isPage ? findLongSentences(text) : findLongSentencesInComments(text);
        if (found.length > 0) failed += 1;
        for (const { line, words, sentence } of found) {
          console.log(`${path.relative(TOP, file)}:${line}: ${words} words: ${sentence}`);
        }
      }
      return { passed: files.length - failed, failed };
    },
  };
}

module.exports = { findLongSentences, findLongSentencesInComments, proseStep };
