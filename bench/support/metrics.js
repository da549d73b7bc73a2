/**
 * From the counters of one cell to the figures that a table tells. All "message" figures count the
 * packets that clients received.
 */
'use strict';

/**
 * @typedef {object} Sample what the load generator prints: sums over the measured window
 * @property {number} messages received by clients
 * @property {number} calls of the handler whose answers have all been received
 * @property {number} windowNs
 * @property {number} busyNs of it, what the generator did not spend waiting
 * @property {number} connectingNs
 * @property {number} serverCpuNs all threads of the server's process
 * @property {number} mainThreadCpuNs its JavaScript thread
 * @property {number} generatorCpuNs
 * @property {number} machineCpuNs everything that ran on the machine
 * @property {number} residentAtFirst bytes of the server in memory before there was a client
 * @property {number} residentAtBegin when the window began
 * @property {number} residentAtEnd
 * @property {number} clients
 * @property {{p50: number, p90: number, p99: number, p999: number, max: number}} latencyUs
 *
 * @typedef {object} Metric a column
 * @property {string} title
 * @property {(sample: Sample) => number} of
 * @property {'lower' | 'higher'} [better] has a ratio to the baseline when set
 */

/** @type {Metric} */
const CPU_PER_MESSAGE = {
  title: 'CPU µs/message',
  of: ({ serverCpuNs, messages }) => serverCpuNs / messages / 1e3,
  better: 'lower',
};

/** @type {Metric} */
const JS_PER_MESSAGE = {
  title: 'JS thread µs/message',
  of: ({ mainThreadCpuNs, messages }) => mainThreadCpuNs / messages / 1e3,
  better: 'lower',
};

/** @type {Metric} */
const JS_PER_CALL = {
  title: 'JS thread µs/broadcast',
  of: ({ mainThreadCpuNs, calls }) => mainThreadCpuNs / calls / 1e3,
  better: 'lower',
};

/** @type {Metric} */
const MESSAGES_PER_SECOND = {
  title: 'messages/s',
  of: ({ messages, windowNs }) => (messages / windowNs) * 1e9,
  better: 'higher',
};

/**
 * How many there were, where the clients decide it.
 * @type {Metric}
 */
const MESSAGES_RECEIVED = { title: 'messages/s', of: MESSAGES_PER_SECOND.of };

/** @type {Metric} */
const LATENCY_P50 = { title: 'p50 µs', of: ({ latencyUs }) => latencyUs.p50 };

/** @type {Metric} */
const LATENCY_P99 = { title: 'p99 µs', of: ({ latencyUs }) => latencyUs.p99 };

/** @type {Metric} */
const SERVER_SHARE = {
  title: 'server busy %',
  of: ({ serverCpuNs, windowNs }) => (serverCpuNs / windowNs) * 100,
};

/** @type {Metric} */
const GENERATOR_SHARE = {
  title: 'generator busy %',
  of: ({ busyNs, windowNs }) => (busyNs / windowNs) * 100,
};

/**
 * What else ran. The machine counts in clock ticks: a quiet one may come out a little below zero.
 * @type {Metric}
 */
const OTHERS_SHARE = {
  title: 'others busy %',
  of: ({ machineCpuNs, serverCpuNs, generatorCpuNs, windowNs }) =>
    Math.max(0, ((machineCpuNs - serverCpuNs - generatorCpuNs) / windowNs) * 100),
};

const CONDITIONS = [SERVER_SHARE, GENERATOR_SHARE, OTHERS_SHARE];

/** @type {Metric} */
const RESIDENT = {
  title: 'memory MB',
  of: ({ residentAtEnd }) => residentAtEnd / 1e6,
};

const COSTS = [
  CPU_PER_MESSAGE,
  JS_PER_MESSAGE,
  MESSAGES_PER_SECOND,
  LATENCY_P50,
  LATENCY_P99,
  RESIDENT,
  ...CONDITIONS,
];

const BROADCAST_COSTS = [
  CPU_PER_MESSAGE,
  JS_PER_CALL,
  MESSAGES_PER_SECOND,
  LATENCY_P50,
  LATENCY_P99,
  RESIDENT,
  ...CONDITIONS,
];

/** At a rate that all servers keep, throughput says nothing and latency everything. */
const RATE_COSTS = [
  { ...LATENCY_P50, better: /** @type {const} */ ('lower') },
  { ...LATENCY_P99, better: /** @type {const} */ ('lower') },
  { title: 'p99.9 µs', of: (/** @type {Sample} */ { latencyUs }) => latencyUs.p999 },
  CPU_PER_MESSAGE,
  JS_PER_MESSAGE,
  RESIDENT,
  ...CONDITIONS,
];

const HANDSHAKE_COSTS = [
  { ...CPU_PER_MESSAGE, title: 'CPU µs/handshake' },
  { ...JS_PER_MESSAGE, title: 'JS thread µs/handshake' },
  { ...MESSAGES_PER_SECOND, title: 'handshakes/s' },
  LATENCY_P50,
  LATENCY_P99,
  RESIDENT,
  ...CONDITIONS,
];

/** From the handshake over HTTP long-polling to the answer over the WebSocket. */
const VISIT_COSTS = [
  { ...CPU_PER_MESSAGE, title: 'CPU µs/visit' },
  { ...JS_PER_MESSAGE, title: 'JS thread µs/visit' },
  { ...MESSAGES_PER_SECOND, title: 'visits/s' },
  LATENCY_P50,
  LATENCY_P99,
  RESIDENT,
  ...CONDITIONS,
];

/** At a rate that all servers keep: of each message that a client received. */
const CHAT_COSTS = [
  CPU_PER_MESSAGE,
  { ...LATENCY_P99, better: /** @type {const} */ ('lower') },
  LATENCY_P50,
  JS_PER_MESSAGE,
  MESSAGES_RECEIVED,
  RESIDENT,
  ...CONDITIONS,
];

/** @type {Metric} */
const ALL_BACK = {
  title: 'ms until all are back',
  of: ({ latencyUs }) => latencyUs.max / 1e3,
  better: 'lower',
};

const RECONNECT_COSTS = [
  ALL_BACK,
  { ...CPU_PER_MESSAGE, title: 'CPU µs/client' },
  { ...JS_PER_MESSAGE, title: 'JS thread µs/client' },
  { title: 'ms until half are', of: (/** @type {Sample} */ { latencyUs }) => latencyUs.p50 / 1e3 },
  RESIDENT,
  ...CONDITIONS,
];

const HEARTBEAT_COSTS = [
  { ...SERVER_SHARE, title: 'CPU % of a core', better: /** @type {const} */ ('lower') },
  { ...CPU_PER_MESSAGE, title: 'CPU µs/heartbeat' },
  { ...JS_PER_MESSAGE, title: 'JS thread µs/heartbeat' },
  { ...MESSAGES_RECEIVED, title: 'heartbeats/s' },
  RESIDENT,
  GENERATOR_SHARE,
  OTHERS_SHARE,
];

/**
 * @param {string} title
 * @param {'residentAtBegin' | 'residentAtEnd'} when
 * @returns {Metric}
 */
function residentPerClient(title, when) {
  return {
    title,
    of: (sample) => (sample[when] - sample.residentAtFirst) / sample.clients / 1000,
    better: 'lower',
  };
}

const IDLE_COSTS = [
  residentPerClient('KB/client after a collection', 'residentAtEnd'),
  residentPerClient('KB/client before', 'residentAtBegin'),
  RESIDENT,
  ...CONDITIONS,
];

module.exports = {
  ALL_BACK,
  BROADCAST_COSTS,
  CHAT_COSTS,
  COSTS,
  CPU_PER_MESSAGE,
  GENERATOR_SHARE,
  HANDSHAKE_COSTS,
  HEARTBEAT_COSTS,
  IDLE_COSTS,
  JS_PER_CALL,
  JS_PER_MESSAGE,
  LATENCY_P50,
  LATENCY_P99,
  MESSAGES_PER_SECOND,
  OTHERS_SHARE,
  RATE_COSTS,
  RECONNECT_COSTS,
  VISIT_COSTS,
};
