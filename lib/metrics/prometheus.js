/**
 * Metrics for a registry of `prom-client`. What is registered there has the methods that a registry calls. So
 * the application brings `prom-client`, in a version of its choice.
 */
'use strict';

const { METRICS, prometheusName, valuesOf } = require('./table');
const { Source } = require('./source');

/** @typedef {import('./table').Metric} Metric */

const PREFIX = 'beastio_';

/** Servers by registry and prefix. @type {WeakMap<object, Map<string, Source[]>>} */
const registries = new WeakMap();

/**
 * The values of a histogram: each bucket has those of the smaller ones, too.
 * @param {string} name
 * @param {Record<string, string>} labels
 * @param {ReturnType<typeof valuesOf>[number]} values
 */
function histogramOf(name, labels, { samples, sum }) {
  let count = 0;
  const buckets = samples.map(([own, value]) => {
    count += value;
    return { metricName: `${name}_bucket`, labels: { ...labels, ...own }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/**
 * A metric as registries know them.
 * @param {Metric} metric
 * @param {string} prefix
 * @param {Source[]} sources may change
 */
function registered(metric, prefix, sources) {
  const valuesFrom = (/** @type {Source} */ source, /** @type {string} */ name) => {
    const stats = source.read();
    if (stats === undefined) return [];
    return valuesOf(metric, stats, source.byThread).flatMap((values) => {
      const labels = { ...source.labels, ...values.labels };
      if (metric.kind === 'histogram') return histogramOf(name, labels, values);
      return values.samples.map(([own, value]) => ({ labels: { ...labels, ...own }, value }));
    });
  };
  return {
    name: prometheusName(metric, prefix), // a registry for OpenMetrics changes it
    help: metric.help,
    type: metric.kind,
    aggregator: metric.aggregator,
    /** Called for each scrape. */
    async get() {
      const { name, help, type, aggregator } = this;
      const values = sources.flatMap((source) => valuesFrom(source, name));
      return { name, help, type, aggregator, values };
    },
    /** What an engine has counted stays. */
    reset() {},
  };
}

/**
 * Has a registry tell the metrics of a server. Several servers can have the same names if their labels differ.
 * @param {any} server a Socket.IO server, or an engine
 * @param {any} options `register`, `prefix`, `labels`, `threads`
 * @returns {() => void} ends it
 * @throws {TypeError | Error} naming the option that cannot be used
 */
function collectPrometheus(server, options) {
  const { register, prefix = PREFIX, labels = {}, threads = false } = options ?? {};
  if (typeof register?.registerMetric !== 'function') {
    throw new TypeError('the option "register" must be a Registry of prom-client');
  }
  const byPrefix = registries.get(register) ?? new Map();
  registries.set(register, byPrefix);
  const sources = byPrefix.get(prefix) ?? [];
  const isTaken = sources.some(
    (/** @type {Source} */ other) => JSON.stringify(other.labels) === JSON.stringify(labels),
  );
  if (isTaken) {
    throw new Error('another server has these metrics: the option "labels" must tell them apart');
  }
  if (sources.length === 0) {
    for (const metric of METRICS) register.registerMetric(registered(metric, prefix, sources));
    byPrefix.set(prefix, sources);
  }
  const source = new Source(server, labels, threads);
  sources.push(source);
  return () => {
    const index = sources.indexOf(source);
    if (index === -1) return;
    sources.splice(index, 1);
    if (sources.length > 0) return;
    byPrefix.delete(prefix);
    for (const metric of METRICS) register.removeSingleMetric(prometheusName(metric, prefix));
  };
}

module.exports = { collectPrometheus };
