/** Writes the report of a soak into a folder: for people as Markdown with a picture, for programs as JSON. */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { renderMarkdown } = require('./markdown');
const { renderPlot } = require('./plot');

/**
 * @param {string} folder is made
 * @param {import('../run/soak').Outcome} outcome
 * @param {import('./verdict').Check[]} checks
 */
function writeReport(folder, outcome, checks) {
  const { settings, ledger, tally, latency, server, samples, troubles } = outcome;
  const { first, looks, last, all, marks } = samples;
  const { heard, lost, doubled, disordered, stray, faults } = ledger;
  const messages = { heard, lost, doubled, disordered, stray, faults };
  const figures = { settings, checks, messages, tally, latency, server, troubles };
  const course = { first, looks, last, samples: all, marks };
  const files = {
    'soak-report.json': `${JSON.stringify({ ...figures, ...course }, null, 1)}\n`,
    'soak-report.md': renderMarkdown(outcome, checks),
    'soak-report.svg': renderPlot(outcome),
  };
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), text);
  }
}

module.exports = { writeReport };
