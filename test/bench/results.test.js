'use strict';

/** What was measured is kept run by run, and scenarios are renewed by themselves. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseOptions } = require('../../bench/support/options');
const { renderPlot } = require('../../bench/support/plot');
const { renewReadme } = require('../../bench/support/readme');
const { renderReport } = require('../../bench/support/report');
const { joinRuns, mergeRuns, readRuns, writeRuns } = require('../../bench/support/results');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-results-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/**
 * A run in which every message has cost our server so many nanoseconds.
 * @param {string} only
 * @param {string} date
 * @param {number} cost
 */
function runOf(only, date, cost) {
  const options = /** @type {any} */ (parseOptions(['--only', only, '--rounds', '1']));
  const sample = {
    ...{ messages: 1000, calls: 1000, windowNs: 1e9, busyNs: 0, connectingNs: 0, clients: 100 },
    ...{ serverCpuNs: 1000 * cost, mainThreadCpuNs: 1000, generatorCpuNs: 1, machineCpuNs: 2e9 },
    ...{ residentAtFirst: 1, residentAtBegin: 1, residentAtEnd: 1, idle: { residentAtEnd: 1 } },
    latencyUs: { p50: 1, p90: 1, p99: 1, p999: 1, max: 1 },
  };
  const cells = options.scenarios.flatMap((/** @type {any} */ { name: scenario }) =>
    ['beastio', 'socketio'].map((server) => ({
      ...{ round: 1, scenario, server },
      sample: server === 'beastio' ? sample : { ...sample, serverCpuNs: 1e6 },
    })),
  );
  const versions = { socketio: { node: '20', 'socket.io': '4', ws: '8' } };
  const conditions = { machine: 'a machine', pinning: 'core 0', compiler: 'g++', versions };
  return { ...conditions, date, options, cells, loadAverage: [0, 0, 0], absent: [], failures: [] };
}

/** @param {readonly any[]} runs */
const scenariosOf = (runs) =>
  runs.map(({ options }) => options.scenarios.map((/** @type {any} */ { name }) => name));

test('a run takes the place of what it has measured anew', () => {
  const first = mergeRuns([], runOf('echo1,echo16,polling', '2026-01-01', 500));
  const second = mergeRuns(first, runOf('echo16', '2026-02-02', 250));
  expect(scenariosOf(second)).toEqual([['echo1', 'polling'], ['echo16']]);
  const third = mergeRuns(second, runOf('echo1,polling', '2026-03-03', 100));
  expect(scenariosOf(third)).toEqual([['echo16'], ['echo1', 'polling']]);
  expect(third.flatMap(({ cells }) => cells)).toHaveLength(6);
});

test('what is written is read again, without what the tables do not have any more', () => {
  const file = path.join(folder, 'results.json');
  expect(readRuns(file)).toEqual([]);
  const runs = [runOf('echo1', '2026-01-01', 500), runOf('echo16', '2026-02-02', 250)];
  writeRuns(file, runs);
  expect(readRuns(file)).toEqual(runs);
  expect(fs.readFileSync(file, 'utf8').split('\n')).toHaveLength(11);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('"echo1"', '"gone"'));
  expect(readRuns(file)).toEqual(runs.slice(1));
});

test('tables, plot and README tell of all runs', () => {
  const runs = [runOf('echo1', '2026-01-01', 500), runOf('echo16', '2026-02-02', 250)];
  const all = joinRuns(runs);
  const report = renderReport(all);
  expect(report).toMatch(/^Run 1:\n\n- 2026-01-01; a machine$/m);
  expect(report).toMatch(/^Run 2:\n\n- 2026-02-02; a machine$/m);
  expect(report).toMatch(/1 in flight each, 32 B\n\nRun 1\.\n\n\|/);
  expect(report).toMatch(/16 in flight each, 32 B\n\nRun 2\.\n\n\|/);
  expect(report).toMatch(
    /CPU µs\/message, ratio to socket\.io \+ ws \| ≤ 0\.15 \| \*\*0\.25, missed/,
  );
  expect(renderReport(joinRuns(runs.slice(1)))).not.toContain('Run 1');
  const readme = `<!-- bench: written by npm run bench -- --write -->\n<!-- bench: end -->\n`;
  const table = renewReadme(readme, all);
  expect(table).toContain('a single round, 2026-01-01 to 2026-02-02');
  expect(table).toMatch(/16 messages in flight each \| 0\.25 ×/);
  expect(table).toMatch(/1 message in flight each \| 0\.5 ×/);
  expect(renderPlot(all)).toContain('16 in flight');
});

test('what is compared is measured together, on every server', () => {
  expect(() => parseOptions(['--write', '--only', 'ack'])).toThrow('--only needs both');
  expect(() => parseOptions(['--write', '--only', 'paced10'])).toThrow('paced10 and paced1000');
  expect(() => parseOptions(['--write', '--servers', 'beastio'])).toThrow('every server');
  expect(parseOptions(['--write', '--only', 'echo16,ack'])).toMatchObject({ write: true });
  expect(parseOptions(['--only', 'ack'])).toMatchObject({ write: false });
});
