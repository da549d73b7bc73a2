'use strict';

/**
 * Finds the comments of JavaScript, TypeScript and C++, and takes from them what is no prose. Pure.
 * It reads lines, not the language: a line of a string that looks like a comment counts as one.
 */

const LINE_COMMENT = /(?<=^|\s)\/\/[/!]?<?(?: |$)(.*)$/;
const CODE_BEFORE = /^\s*[^\s/]/;
const BLOCK_START = /^\s*\/\*+/;
const BLOCK_END = /\s*\*+\/.*$/;

/** A JSDoc tag, but neither a package with a scope nor an address. */
const TAG = /(?<![\w`'"])@[a-z]+(?![\w./-])/;
const NEXT_TAG = new RegExp(`(?=${TAG.source})`);

/** Tags whose first word is a name. */
const NAMING = /^@(param|property|typedef|callback|template)$/;
const NAME = /^\s+(\[[^\]]*\]|[\w.$]+)/;

/**
 * @typedef {object} Comment
 * @property {number} line On which it begins.
 * @property {string} text Markdown.
 */

/**
 * @param {string} text
 * @returns {string} Without the type in braces that it begins with, if it does.
 */
function withoutType(text) {
  if (!/^\s*\{/.test(text)) return text;
  let depth = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (depth === 0) return text.slice(0, index + 1).replace(/[^\n]/g, '') + text.slice(index + 1);
  }
  return text;
}

/**
 * @param {Comment} comment
 * @returns {Comment[]} What comes before its tags, and what each tag tells.
 */
function splitAtTags({ line, text }) {
  let next = line;
  return text.split(NEXT_TAG).map((part) => {
    const start = next;
    next += part.split('\n').length - 1;
    const tag = TAG.exec(part);
    if (tag?.index !== 0) return { line: start, text: part };
    const told = withoutType(part.slice(tag[0].length));
    return { line: start, text: NAMING.test(tag[0]) ? told.replace(NAME, '') : told };
  });
}

/**
 * @param {string} source
 * @returns {Comment[]} A line with nothing but a comment goes on with the comment above it, at the same column.
 */
function commentsOf(source) {
  /** @type {Comment[]} */
  const comments = [];
  let isInBlock = false;
  /** Where the line before has its line comment. */
  let column = -1;
  source.split('\n').forEach((line, index) => {
    const isStart = !isInBlock && BLOCK_START.test(line);
    const lineComment = isInBlock || isStart ? null : LINE_COMMENT.exec(line);
    const isSame = isInBlock || (lineComment?.index === column && !CODE_BEFORE.test(line));
    if (isInBlock || isStart || lineComment) {
      const rest = line.replace(isStart ? BLOCK_START : /^\s*\*(?!\/)/, '');
      const text = lineComment?.[1] ?? rest.replace(BLOCK_END, '').replace(/^ /, '');
      const last = comments.at(-1);
      if (isSame && last) last.text += `\n${text}`;
      else comments.push({ line: index + 1, text });
      if (isInBlock || isStart) isInBlock = !BLOCK_END.test(rest);
    }
    column = lineComment?.index ?? -1;
  });
  return comments.flatMap(splitAtTags);
}

module.exports = { commentsOf };
