'use strict';

/** Words and comments of generated sources. Node core modules only. */

const WIDTH = 100;

/**
 * @param {string} name `CLOSE_REASONS`
 * @returns {string} `CloseReasons`
 */
function pascal(name) {
  return name
    .split('_')
    .map((word) => word[0].toUpperCase() + word.slice(1).toLowerCase())
    .join('');
}

/**
 * @param {string} name `webSocket`
 * @returns {string} `WebSocket`
 */
function capitalize(name) {
  return name[0].toUpperCase() + name.slice(1);
}

/**
 * @param {string} text
 * @param {number} width
 * @returns {string[]} Lines of at most that many characters, as long as words allow.
 */
function wrap(text, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/**
 * @param {string[]} paragraphs Each begins a line.
 * @param {number} [indent]
 * @returns {string} A JSDoc comment, which ends with a newline.
 */
function jsDoc(paragraphs, indent = 0) {
  const margin = ' '.repeat(indent);
  const [only] = paragraphs;
  const short = `${margin}/** ${only} */`;
  if (paragraphs.length === 1 && short.length <= WIDTH) return `${short}\n`;
  const lines = paragraphs.flatMap((text) => {
    const [first, ...rest] = wrap(text, WIDTH - indent - ' * '.length);
    // What continues a tag is indented below it.
    return [first, ...rest.map((line) => (text.startsWith('@') ? `  ${line}` : line))];
  });
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}\n`).join('')}${margin} */\n`;
}

/**
 * @param {string} text
 * @param {string} [mark] Of each line.
 * @returns {string} Comment lines of C++.
 */
function cppDoc(text, mark = '///') {
  return wrap(text, WIDTH - mark.length - 1)
    .map((line) => `${mark} ${line}\n`)
    .join('');
}

module.exports = { capitalize, cppDoc, jsDoc, pascal };
