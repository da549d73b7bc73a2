/**
 * Metrics for a `Meter` of OpenTelemetry: observable instruments, read whenever the application's SDK collects.
 * There is no observable histogram. So a histogram is three counters: of its buckets, of their sum, of all.
 */
'use strict';

const { METRICS, valuesOf } = require('./table');
const { Source } = require('./source');

/** @typedef {import('./table').Metric} Metric */
/** @typedef {(put: any, values: ReturnType<typeof valuesOf>[number], labels: any) => void} Tell */

const PREFIX = 'beastio.';
/** As UCUM has them. */
const UNITS = { bytes: 'By', seconds: 's' };

/**
 * Makes the instruments of a metric.
 * @param {any} meter
 * @param {Metric} metric
 * @param {string} prefix
 * @returns {{ metric: Metric, instruments: any[], tell: Tell }} `tell` gives them their values
 */
function instrumentsOf(meter, metric, prefix) {
  const { kind, isSum, help: description } = metric;
  const name = prefix + metric.name;
  const unit = metric.unit && UNITS[metric.unit];
  if (kind === 'histogram') {
    const [bucket, sum, count] = ['bucket', 'sum', 'count'].map((part) =>
      meter.createObservableCounter(`${name}.${part}`, {
        description,
        ...(part === 'sum' && { unit }),
      }),
    );
    return {
      ...{ metric, instruments: [bucket, sum, count] },
      tell(put, values, labels) {
        let all = 0;
        for (const [own, value] of values.samples) {
          all += value;
          put(bucket, all, { ...labels, ...own });
        }
        put(sum, values.sum, labels);
        put(count, all, labels);
      },
    };
  }
  const create = {
    counter: 'createObservableCounter',
    gauge: isSum ? 'createObservableUpDownCounter' : 'createObservableGauge',
  }[kind];
  const instrument = meter[create](name, { description, unit });
  return {
    ...{ metric, instruments: [instrument] },
    tell(put, { samples }, labels) {
      for (const [own, value] of samples) put(instrument, value, { ...labels, ...own });
    },
  };
}

/**
 * Has a meter tell the metrics of a server.
 * @param {any} server a Socket.IO server, or an engine
 * @param {any} meter
 * @param {any} [options] `prefix`, `attributes`, `threads`
 * @returns {() => void} ends it
 * @throws {TypeError} if it is no meter
 */
function observe(server, meter, options = {}) {
  if (typeof meter?.addBatchObservableCallback !== 'function') {
    throw new TypeError('the second argument must be a Meter of OpenTelemetry');
  }
  const { prefix = PREFIX, attributes = {}, threads = false } = options;
  const source = new Source(server, attributes, threads);
  const all = METRICS.map((metric) => instrumentsOf(meter, metric, prefix));
  const instruments = all.flatMap((each) => each.instruments);
  const callback = (/** @type {any} */ result) => {
    const stats = source.read();
    if (stats === undefined) return;
    const put = (/** @type {any[]} */ ...observation) => result.observe(...observation);
    for (const { metric, tell } of all) {
      for (const values of valuesOf(metric, stats, threads)) {
        tell(put, values, { ...attributes, ...values.labels });
      }
    }
  };
  meter.addBatchObservableCallback(callback, instruments);
  return () => meter.removeBatchObservableCallback(callback, instruments);
}

module.exports = { observe };
