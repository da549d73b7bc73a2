/** The report of a soak as text. Pure. */
'use strict';

const { doorsText } = require('../run/doors');
const { TROUBLEMAKERS } = require('../trouble');

/** @typedef {import('../run/soak').Outcome} Outcome */

const MB = 1e6;

/** @param {number[]} values */
const course = (values) => {
  if (values.length === 0) return '–';
  const peak = values.reduce((a, b) => Math.max(a, b));
  return `${values[0]}/${values.at(-1)}/${peak}`;
};

/** @param {number} ms */
const digits = (ms) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

/**
 * @param {Outcome} outcome
 * @returns {string} one line
 */
function summaryOf({ ledger, latency, samples, server, forgotten }) {
  const { all } = samples;
  const lost = ledger.lost + forgotten + (server.skipped ?? 0);
  return [
    `${ledger.heard} messages, ${lost} lost, ${ledger.doubled} doubled, ${ledger.disordered} out of order`,
    `RSS first/last/peak ${course(all.map(({ rss }) => Math.round(rss / MB)))} MB`,
    `descriptors first/last/peak ${course(all.map(({ descriptors }) => descriptors))}`,
    `latency p50/p99/max ${[latency.p50, latency.p99, latency.max].map(digits).join('/')} ms`,
  ].join(', ');
}

/** @param {import('./verdict').Check[]} checks */
function checkLines(checks) {
  return checks.map(
    ({ name, passed, detail }) => `${passed ? '✓' : '✗'} ${name}${detail && `: ${detail}`}`,
  );
}

/**
 * @param {import('../run/soak').Settings} settings
 * @returns {string} what makes the same trouble again
 */
function commandOf({ seconds, seed, clients, rate, doors, kinds, of }) {
  const minutes = `${+(seconds / 60).toFixed(2)}`;
  const isPart = kinds.length < Object.keys(TROUBLEMAKERS).length;
  return (
    `npm run soak -- --minutes ${minutes} --seed ${seed} --clients ${clients} --rate ${rate} ` +
    `--door ${doorsText(doors)}${isPart ? ` --trouble ${kinds.join(',')}` : ''}` +
    (of ? ` --package ${of}` : '')
  );
}

/** @param {string[][]} rows */
function table(rows) {
  const [head, ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, `|${rows[0].map(() => '---|').join('')}`, ...body].join('\n');
}

/** @param {import('./samples').Mark[]} marks */
function countsOf(marks) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { kind } of marks) counts[kind] = (counts[kind] ?? 0) + 1;
  return Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
}

/** @param {string} title @param {string[]} lines */
function listed(title, lines) {
  return lines.length === 0 ? [] : [`## ${title}\n`, ...lines.map((line) => `- ${line}`), ''];
}

/**
 * @param {Outcome} outcome
 * @param {import('./verdict').Check[]} checks
 * @returns {string}
 */
function renderMarkdown(outcome, checks) {
  const { settings, windowMs, ledger, tally, samples, server, troubles, death } = outcome;
  const looks = samples.looks.map(({ at, heap, outside, rss, descriptors, threads }) => [
    ...[at, heap / MB, outside / MB, rss / MB].map((value) => value.toFixed(1)),
    `${descriptors}`,
    `${threads}`,
  ]);
  return [
    '# A soak of beast.io\n',
    `\`${commandOf(settings)}\`, Node ${process.versions.node}\n`,
    `${summaryOf(outcome)}.\n`,
    ...checkLines(checks).map((line) => `- ${line}`),
    '',
    '![Memory, descriptors, messages and latency over time](soak-report.svg)\n',
    '## What happened\n',
    table([
      ['what', 'how often'],
      ['messages said', `${server.said ?? 0}`],
      ['said again, as their acknowledgement was lost', `${server.again ?? 0}`],
      ['connections of members', `${tally.connections}`],
      [`sessions found again within ${windowMs / 1000} s`, `${tally.recovered}`],
      ...Object.entries(tally.sessionsEnded).map(([why, n]) => [`sessions ended ${why}`, `${n}`]),
      ...Object.entries(tally.disconnections).map(([why, n]) => [`disconnected: ${why}`, `${n}`]),
      ...countsOf(samples.marks).map(([kind, n]) => [`trouble: ${kind}`, `${n}`]),
    ]),
    '',
    '## When it was calm\n',
    table([['s', 'heap MB', 'outside MB', 'RSS MB', 'descriptors', 'threads'], ...looks]),
    '',
    ...listed('Faults', [...ledger.faults, ...tally.estrangements, ...tally.faults]),
    ...listed('Trouble that did not come off', troubles),
    ...(death ? ['## The end of the server\n', '```', death, '```', ''] : []),
  ].join('\n');
}

module.exports = { checkLines, renderMarkdown, summaryOf };
