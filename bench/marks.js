/**
 * The marks to reach, as a table: what each of our servers may cost beside the baseline, the limit, or
 * the peers that serve Socket.IO.
 */
'use strict';

const metrics = require('./support/metrics');
const { BASELINE, LIMIT } = require('./servers');

/**
 * @typedef {'every peer' | 'every Node peer'} Peers
 *
 * @typedef {object} Mark
 * @property {string} scenario
 * @property {string} server one of ours
 * @property {import('./support/metrics').Metric} metric
 * @property {string} [of] the server that `bound` is a ratio to
 * @property {string} [than] its scenario, where that is another one
 * @property {Peers} [below] or the peers whose best `bound` is a ratio to
 * @property {number} bound at most for costs, at least for throughput
 */

const ATTACHED = 'beastio';
const OWN_PORT = 'beastio-port';
const CPP = 'cpp';
const CPP_RAW = 'cpp-raw';
const MIXED = 'mixed';

/**
 * @param {string} scenario
 * @param {import('./support/metrics').Metric} metric
 * @param {number} bound
 * @param {string} [of]
 * @param {string} [server]
 * @returns {Mark}
 */
function ratio(scenario, metric, bound, of = BASELINE, server = ATTACHED) {
  return { scenario, server, metric, of, bound };
}

/**
 * @param {string} scenario
 * @param {import('./support/metrics').Metric} metric
 * @param {Peers} peers
 * @param {{ server?: string, bound?: number }} [but] another one than the attached; no worse than the best
 * @returns {Mark}
 */
function below(scenario, metric, peers, { server = ATTACHED, bound = 1 } = {}) {
  return { scenario, server, metric, below: peers, bound };
}

const CPU = metrics.CPU_PER_MESSAGE;
const JS = metrics.JS_PER_MESSAGE;
const RATE = metrics.MESSAGES_PER_SECOND;
const P50 = metrics.LATENCY_P50;
const P99 = metrics.LATENCY_P99;
const [MEMORY] = metrics.IDLE_COSTS;

/** How servers live: what 1,000, 5,000, 20,000 and 50,000 echoes a second cost, and how long they take. */
const FIXED_RATES = ['rate-1k', 'rate-5k', 'rate', 'rate-50k'];

/** A window has some 80 of these broadcasts, too few for a 99th percentile. */
const PACED_BROADCASTS = ['paced10', 'paced100', 'paced1000'];

/** @type {readonly Mark[]} */
const MARKS = [
  ratio('echo1', CPU, 0.6),
  below('echo1', CPU, 'every peer'),
  ratio('echo1', JS, 0.12),
  ratio('echo1', RATE, 1.7),
  ratio('echo16', CPU, 0.15),
  below('echo16', CPU, 'every peer'),
  ratio('echo16', JS, 0.1),
  ratio('echo16', RATE, 6),
  ratio('echo1-16k', CPU, 0.84),
  below('echo1-16k', CPU, 'every Node peer'),
  ratio('echo1-16k', JS, 0.7),
  ...['broadcast1000', 'broadcast5000'].flatMap((scenario) => [
    ratio(scenario, CPU, 1.1, LIMIT),
    ratio(scenario, metrics.JS_PER_CALL, 0.01),
    ratio(scenario, RATE, 1.8),
  ]),
  ...FIXED_RATES.flatMap((scenario) => [
    ratio(scenario, CPU, 0.8),
    below(scenario, CPU, 'every Node peer'),
    below(scenario, P50, 'every Node peer', { bound: 1.05 }),
    below(scenario, P99, 'every peer'),
  ]),
  ...[CPU, P50, P99].map((metric) => below('ack-rate', metric, 'every peer')),
  ...[ATTACHED, OWN_PORT].flatMap((server) =>
    [CPU, P50, P99].map((metric) => below('polling-rate', metric, 'every peer', { server })),
  ),
  ...PACED_BROADCASTS.flatMap((scenario) => [
    below(scenario, CPU, 'every peer'),
    below(scenario, P50, 'every peer'),
  ]),
  below('chat', CPU, 'every peer'),
  below('chat', P99, 'every peer'),
  ratio('connect', CPU, 0.15, BASELINE, OWN_PORT),
  below('connect', CPU, 'every peer', { server: OWN_PORT }),
  ratio('connect', CPU, 0.6),
  ratio('idle', MEMORY, 0.3),
  below('idle', MEMORY, 'every peer'),
  ratio('deflate', CPU, 0.25),
  below('deflate', CPU, 'every peer'),
  ratio('echo16', CPU, 1.4, LIMIT, CPP_RAW),
  ratio('echo16', CPU, 1.9, LIMIT, CPP),
  ...['echo1', 'broadcast1000', 'broadcast5000'].map((scenario) =>
    ratio(scenario, CPU, 1.1, LIMIT, CPP),
  ),
  { ...ratio('ack', CPU, 1.05, CPP, CPP), than: 'echo16' },
  ratio('connect', CPU, 0.06, BASELINE, CPP),
  ...['echo1', 'echo16', 'ack'].map((scenario) => ratio(scenario, CPU, 1.1, CPP, MIXED)),
  ratio('echo16', JS, 0.001, BASELINE, MIXED),
  ...FIXED_RATES.flatMap((scenario) =>
    [CPU, P50, P99].map((metric) => below(scenario, metric, 'every peer', { server: CPP })),
  ),
];

/** What a broadcast to many may cost the JavaScript thread, as a ratio to one to few at the same rate. */
const FLATNESS_BOUND = 1.2;

module.exports = { FLATNESS_BOUND, MARKS };
