/**
 * Figures and tables as Markdown shows them. Pure.
 */
'use strict';

/**
 * Three significant digits, thousands separated.
 * @param {number} value
 */
function digits(value) {
  const rounded = value === 0 ? 0 : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** @param {readonly (readonly string[])[]} rows the first one is the head */
function markdownTable([head, ...body]) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...body].map(line).join('\n');
}

module.exports = { digits, markdownTable };
