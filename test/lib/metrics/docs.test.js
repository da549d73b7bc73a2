'use strict';

/** docs/metrics.md lists what is told: each metric as a scrape has it, and each figure of `io.engine.stats()`. */

const fs = require('node:fs');
const path = require('node:path');
const { Registry } = require('prom-client');
const { collectPrometheus } = require('../../../lib/metrics');
const { TOP } = require('../../support/programs/programs');
const { cleanUp, startServer } = require('../../support/rigs/rig');

const page = fs.readFileSync(path.join(TOP, 'docs/metrics.md'), 'utf8');

afterEach(cleanUp);

/** The metrics of the page: name, type, unit, labels, words. */
function documented() {
  const [, table = ''] =
    /<!-- the metrics: begin -->([^]*)<!-- the metrics: end -->/.exec(page) ?? [];
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => {
    const [name, kind, unit, labels, help] = row
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim());
    return { name: name.replaceAll('`', ''), kind, unit, labels: labels.match(/\w+/g) ?? [], help };
  });
}

test('the table of metrics is what a scrape tells', async () => {
  const register = new Registry();
  collectPrometheus(startServer(), { register });
  const told = (await register.getMetricsAsJSON()).map((metric) => {
    const { name, help, type, values } = /** @type {any} */ (metric);
    const [{ labels }] = values;
    return {
      ...{ name, kind: type, help },
      unit: /_(bytes|seconds)(_total)?$/.exec(name)?.[1] ?? '',
      labels: Object.keys(labels).filter((label) => label !== 'le'),
    };
  });
  expect(documented()).toEqual(told);
});

/**
 * The paths of figures.
 * @param {any} figures
 * @returns {string[]}
 */
function pathsIn(figures, before = '') {
  return Object.entries(figures).flatMap(([name, value]) =>
    Object(value) === value ? pathsIn(value, `${before}${name}.`) : [before + name],
  );
}

test('each figure is told of', () => {
  const { threads, ...figures } = startServer().engine.stats();
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const spans = rows.flatMap((row) => [...row.matchAll(/`([\w.]+)`(, …)?/g)]);
  const isTold = (/** @type {string} */ figure) =>
    spans.some(
      ([, span, isFirst]) =>
        figure === span ||
        figure.startsWith(`${span}.`) ||
        (span.startsWith('.') && figure === `eventLoopDelay${span}`) ||
        (isFirst && figure.startsWith(`${span.split('.')[0]}.`)),
    );
  expect(pathsIn(figures).filter((figure) => !isTold(figure))).toEqual([]);
  expect(pathsIn(threads[0]).length).toBeGreaterThan(60);
});
