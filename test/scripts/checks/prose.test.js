'use strict';

/** Which sentences the docs and comments may not have. */

const { findLongSentences, findLongSentencesInComments } = require('../../../scripts/checks/prose');

/** @param {number} count */
const words = (count) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');

test('a sentence of 25 words may be, one of 26 is told with its line', () => {
  expect(findLongSentences(`${words(25)}. Next.`)).toEqual([]);
  const [found, ...others] = findLongSentences(`# Title\n\nShort. A ${words(25)}.\n`);
  expect(found).toMatchObject({ line: 3, words: 26, sentence: `A ${words(25)}.` });
  expect(others).toEqual([]);
});

test('sentences go over lines, and end with their paragraph or item', () => {
  expect(findLongSentences(`${words(20)}\n${words(6)}`)).toHaveLength(1);
  expect(findLongSentences(`${words(20)}\n\n${words(20)}`)).toEqual([]);
  expect(findLongSentences(`- ${words(20)}\n- ${words(20)}\n1. ${words(20)}`)).toEqual([]);
  expect(findLongSentences(`- ${words(20)}\n  ${words(6)}`)).toHaveLength(1);
});

test.each([
  ['a block of code', `\`\`\`\n${words(30)}\n\`\`\``],
  ['indented code', `    ${words(30)}`],
  ['a table', `| ${words(30)} |`],
  ['a heading', `## ${words(30)}`],
  ['code in a sentence', `It is \`${words(30)}\`.`],
  ['a link', `See [${words(30)}](a.md).`],
  ['what the bench writes', `<!-- bench: written -->\n${words(30)}\n<!-- bench: end -->`],
])('%s does not count', (_, text) => {
  expect(findLongSentences(text)).toEqual([]);
});

test('versions, and code at the beginning, do not hide ends', () => {
  expect(findLongSentences(`With 4.8.4 ${words(20)}. \`sid\` ${words(20)}.`)).toEqual([]);
});

test.each([
  ['a line comment', `code();\n// ${words(20)}\n// ${words(6)}\ncode();`, 2],
  ['a comment behind code', `code(); // ${words(20)}\n        // ${words(6)}`, 1],
  ['a docstring of C++', `/// ${words(13)}\n/// ${words(13)}\nint a = 0;`, 1],
  ['a docstring behind a member', `  int a = 0;  ///< ${words(26)}`, 1],
  ['a block', `code();\n/**\n * ${words(20)}\n * ${words(6)}\n */\ncode();`, 3],
  ['a block on one line', `/** ${words(26)} */`, 1],
  [
    'what a tag tells',
    `/**\n * Short.\n * @param {string} name ${words(20)}\n *   ${words(6)}\n */`,
    3,
  ],
  ['what is told before a type', `/** ${words(26)} @type {string} */`, 1],
  ['what begins with a package', `/** @socket.io/admin-ui: ${words(25)}. */`, 1],
])('%s is prose', (_, source, line) => {
  expect(findLongSentencesInComments(source)).toMatchObject([{ line, words: 26 }]);
});

test.each([
  ['code', `${words(30)};`],
  ['a string with slashes', `open('http://${words(30)}');`],
  ['comments behind two lines of code', `a(); // ${words(20)}\nb(); // ${words(20)}`],
  ['comments at two columns', `a(); // ${words(20)}\n// ${words(20)}\nb();`],
  ['paragraphs', `// ${words(20)}\n//\n// ${words(20)}`],
  ['paragraphs of a block', `/*\n * ${words(20)}\n *\n * ${words(20)}\n */`],
  ['the items of a list', `/// Calls:\n/// - ${words(20)}\n/// - ${words(20)}`],
  ['the tags of a block', `/**\n * ${words(20)}\n * @returns {T} ${words(20)}\n */`],
  ['a type', `/** @param {{ a: { ${words(30)} } }} a */`],
  ['a type of several lines', `/**\n * @type {{ a: ${words(20)},\n *   b: ${words(20)} }}\n */`],
  ['the name of a parameter', `/** @param {T} [name] ${words(25)} */`],
  ['code in backticks', `// It is \`${words(20)}\n// ${words(20)}\`.`],
])('%s: not longer than it is', (_, source) => {
  expect(findLongSentencesInComments(source)).toEqual([]);
});
