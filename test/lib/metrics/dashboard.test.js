'use strict';

/** The Grafana dashboard asks for what a scrape tells: its queries are PromQL, their metrics and labels exist. */

const { parser } = require('@prometheus-io/lezer-promql');
const { Registry } = require('prom-client');
const dashboard = require('../../../packaging/grafana/beastio.json');
const { collectPrometheus } = require('../../../lib/metrics');
const { cleanUp, startServer } = require('../../support/rigs/rig');

afterEach(cleanUp);

const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legend: legendFormat })),
);

/**
 * What a query names, by kind. Grafana puts values in place of its variables before.
 * @param {string} expr
 * @throws {SyntaxError} if it is no PromQL
 */
function namesIn(expr) {
  const query = expr.replaceAll('$__rate_interval', '5m');
  /** @type {Record<string, string[]>} */
  const names = { Identifier: [], LabelName: [] };
  parser.parse(query).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) throw new SyntaxError(`${query} at ${from}`);
      names[name]?.push(query.slice(from, to));
    },
  });
  return { metrics: names.Identifier, labels: names.LabelName };
}

/** Labels by metric, as a scrape tells them. */
async function scrape() {
  const register = new Registry();
  collectPrometheus(startServer(), { register });
  /** @type {Map<string, Set<string>>} */
  const labels = new Map();
  for (const line of (await register.metrics()).split('\n')) {
    const [, name, list = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name) labels.set(name, new Set([...list.matchAll(/(\w+)="/g)].map(([, label]) => label)));
  }
  return labels;
}

test('the parser knows what is no PromQL', () => {
  expect(() => namesIn('sum by (x (up)')).toThrow(SyntaxError);
  expect(namesIn('sum by (a) (rate(up{b="c"}[$__rate_interval]))')).toEqual({
    metrics: ['up'],
    labels: ['a', 'b'],
  });
});

test('panels have their places, and queries', () => {
  const { length } = panels;
  expect(length).toBeGreaterThan(15);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
  expect(new Set(places).size).toBe(places.length);
  for (const { title, gridPos, targets } of panels) {
    expect({ title, right: gridPos.x + gridPos.w <= 24 }).toEqual({ title, right: true });
    expect(targets?.length).toBeGreaterThan(0);
  }
});

test.each(queries)('$title: $expr', async ({ expr, legend }) => {
  const told = await scrape();
  const { metrics, labels } = namesIn(expr);
  expect(metrics.length).toBeGreaterThan(0);
  const known = ['job', 'instance', ...metrics.flatMap((metric) => [...(told.get(metric) ?? [])])];
  expect(metrics.filter((metric) => !told.has(metric))).toEqual([]);
  expect(labels.filter((label) => !known.includes(label))).toEqual([]);
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list.split(', '));
  expect(grouped).toEqual(expect.arrayContaining(shown));
});

test('the variables of the dashboard ask for metrics that exist', async () => {
  const told = await scrape();
  const asked = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
  const metrics = asked.map((query) => /^label_values\((\w+)/.exec(query)?.[1] ?? '');
  expect(metrics).toHaveLength(2);
  expect(metrics.filter((metric) => !told.has(metric))).toEqual([]);
});

test('each metric is on the dashboard', async () => {
  const told = await scrape();
  const shown = queries.flatMap(({ expr }) => namesIn(expr).metrics);
  const isShown = (/** @type {string} */ name) =>
    shown.includes(name) || /_(sum|count)$/.test(name);
  expect([...told.keys()].filter((name) => !isShown(name))).toEqual([]);
});
